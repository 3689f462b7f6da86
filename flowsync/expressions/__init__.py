"""The language of bindings and expressions in Flow JSON: text → tree → type or value.

The validator asks for types, a preview for values; both read the same trees.

Source: https://developers.facebook.com/docs/whatsapp/flows/reference/flowjson
"""
