"""What people call the components of a screen: the words of plans, graphs and reports alike."""

from __future__ import annotations

_WORDS = {
    "CalendarPicker": "calendar",
    "CheckboxGroup": "checkboxes",
    "ChipsSelector": "chips",
    "DatePicker": "date picker",
    "DocumentPicker": "document upload",
    "Dropdown": "dropdown",
    "EmbeddedLink": "link",
    "Footer": "button",
    "Form": "form",
    "If": "condition",
    "Image": "picture",
    "ImageCarousel": "picture carousel",
    "NavigationList": "list of links",
    "OptIn": "opt-in",
    "PhotoPicker": "photo upload",
    "RadioButtonsGroup": "choice",
    "RichText": "rich text",
    "Switch": "choice between cases",
    "TextArea": "text area",
    "TextBody": "text",
    "TextCaption": "small text",
    "TextHeading": "heading",
    "TextInput": "text field",
    "TextSubheading": "subheading",
}


def kind_word(kind: str) -> str:
    """Give the word for a type of component; of one that has none, the type itself."""
    return _WORDS.get(kind, kind)
