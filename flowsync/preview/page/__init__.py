"""Draws what the engine gives: HTML for a browser, without any rule of Flow JSON.

Whatever stands in a flow is text, or a picture that was checked; it is never markup, a style, an
address to load, or a name that a script or a stylesheet would heed.
"""
