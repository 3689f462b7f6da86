"""What editors say about components and their properties, in short texts.

A text under `EVERY` goes for every component that has the property, one under the name of the
component goes before it. Limits and versions are not written here; they come from the table of
components.
"""

from __future__ import annotations

from collections.abc import Mapping

EVERY = "*"

COMPONENTS: Mapping[str, str] = {
    "TextHeading": "A heading, the largest text on a screen.",
    "TextSubheading": "A heading one size below TextHeading.",
    "TextBody": "A paragraph of text.",
    "TextCaption": "Small print, for notes below other components.",
    "RichText": (
        "A long document in markdown, such as terms and conditions, with headings, lists, tables "
        "and pictures. It stands alone on its screen, from 6.3 on with a Footer."
    ),
    "TextInput": "A field for one line of text. Its value is ${form.NAME}.",
    "TextArea": "A field for several lines of text. Its value is ${form.NAME}.",
    "CheckboxGroup": (
        "A list of options of which people tick any number. Its value is the list of their ids."
    ),
    "RadioButtonsGroup": "A list of options of which people choose one. Its value is that id.",
    "Dropdown": (
        "A list of options that opens over the screen, for many of them. Its value is the id of "
        "the chosen one."
    ),
    "ChipsSelector": (
        "Short options side by side, of which people choose several. Its value is the list of "
        "their ids."
    ),
    "Footer": (
        "The button at the bottom of the screen that leads on or ends the flow. A screen has at "
        "most one, a terminal screen needs one."
    ),
    "OptIn": (
        "A box to tick for a consent, with a link to read more where it has on-click-action. Its "
        "value is true or false."
    ),
    "EmbeddedLink": "A line of text that people tap to go to a screen or to a web page.",
    "DatePicker": "A field for one date. Its value is a text YYYY-MM-DD.",
    "CalendarPicker": (
        "A calendar for one date or a range of dates. Its value is a text YYYY-MM-DD, in the mode "
        "range an object with start-date and end-date."
    ),
    "Image": "A picture inside the Flow JSON, in base64.",
    "ImageCarousel": "Up to three pictures that people swipe through.",
    "NavigationList": (
        "A list of rows, each leading to a screen. It stands alone on its screen, which is not "
        "terminal."
    ),
    "PhotoPicker": "Lets people take or choose photos. Its value is a list of uploaded files.",
    "DocumentPicker": "Lets people choose documents. Its value is a list of uploaded files.",
    "Form": (
        "Holds inputs, with values and error messages for all of them in one place. Optional: "
        "inputs may stand on the screen without a Form."
    ),
    "If": "Shows one of two lists of components, depending on a condition.",
    "Switch": "Shows the list of components that belongs to a value.",
}

ENTRIES: Mapping[str, str] = {
    "Option": "An option to choose.",
    "Chip": "A short option to choose.",
    "Row": "A row that leads somewhere.",
    "Picture": "A picture to swipe to.",
}

_LABEL = "What the field is called, shown above or in it."
_SHOWN_PICTURE = "The file in base64, without a data: prefix. Addresses are not allowed."
_OTHER_TEXT = "What the picture shows, for people who cannot see it."

PROPERTIES: Mapping[str, Mapping[str, str]] = {
    EVERY: {
        "name": (
            "The name of its value in ${form.NAME}. No other component on the screen may have the "
            "same."
        ),
        "label": _LABEL,
        "text": "The text to show.",
        "description": "A longer explanation below the label.",
        "helper-text": "A hint below the field, such as the form of what to enter.",
        "error-message": "Shown at the field instead of the hint, for example bound to an answer.",
        "init-value": "What the field holds at first.",
        "required": "Whether people must fill it in before they can go on.",
        "enabled": "Whether it can be used.",
        "visible": "Whether it is shown. What is hidden takes no space and need not be filled in.",
        "data-source": "The options to choose from, written out or bound to a list in data.",
        "media-size": "The size of pictures in the list.",
        "min-selected-items": "How many options must be chosen at least.",
        "max-selected-items": "How many options can be chosen at most.",
        "on-click-action": "What happens on a tap.",
        "on-select-action": "What happens when something is chosen.",
        "on-unselect-action": "What happens when a choice is taken back.",
        "min-date": "The first date that can be chosen, YYYY-MM-DD.",
        "max-date": "The last date that can be chosen, YYYY-MM-DD.",
        "unavailable-dates": "Dates between the first and the last that cannot be chosen.",
        "alt-text": _OTHER_TEXT,
        "label-variant": "large gives a label of up to four lines above the field.",
        "max-file-size-kb": "The largest size of one file, in KB.",
        "scale-type": "cover fills the space and cuts what is too much; contain shows all of it.",
        "children": "The components in it, from top to bottom.",
    },
    "TextBody": {
        "text": "The text to show, or a list of texts, one a paragraph.",
        "font-weight": "How bold or slanted the text is.",
        "strikethrough": "Whether the text is struck through.",
        "markdown": "Whether **bold**, *italic*, ~~struck~~, [links](https://…) and lists work.",
    },
    "TextCaption": {
        "text": "The text to show, or a list of texts, one a paragraph.",
        "font-weight": "How bold or slanted the text is.",
        "strikethrough": "Whether the text is struck through.",
        "markdown": "Whether **bold**, *italic*, ~~struck~~ and [links](https://…) work.",
    },
    "RichText": {
        "text": "The document in markdown: one text, a list of its lines, or a binding to either.",
    },
    "TextInput": {
        "input-type": "What is entered: it chooses the keyboard and how the entry is checked.",
        "pattern": (
            "A regular expression (ECMAScript) that the entry must match; ^ and $ are not implied. "
            "Explain it in helper-text."
        ),
        "min-chars": "The fewest characters to enter.",
        "max-chars": "The most characters that can be entered.",
    },
    "TextArea": {"max-length": "The most characters that can be entered."},
    "CheckboxGroup": {
        "init-value": "The ids of the options that are ticked at first.",
        "min-selected-items": "How many options must be ticked at least.",
        "max-selected-items": "How many options can be ticked at most.",
    },
    "RadioButtonsGroup": {"init-value": "The id of the option that is chosen at first."},
    "Dropdown": {"init-value": "The id of the option that is chosen at first."},
    "ChipsSelector": {"init-value": "The ids of the options that are chosen at first."},
    "Footer": {
        "label": "What stands on the button.",
        "on-click-action": (
            "What the button does. On a terminal screen: complete, or data_exchange with an "
            "endpoint."
        ),
        "left-caption": "A short text above the button, on the left; only with right-caption.",
        "center-caption": "A short text above the button; not with the other captions.",
        "right-caption": "A short text above the button, on the right; only with left-caption.",
        "enabled": (
            "Whether the button works. Without it the button works once all required inputs are "
            "filled in."
        ),
    },
    "OptIn": {
        "label": "The sentence to consent to.",
        "init-value": "Whether the box is ticked at first.",
        "on-click-action": "Adds a link to read more, and says where it leads.",
        "on-select-action": "What happens when the box is ticked.",
        "on-unselect-action": "What happens when the tick is taken away.",
    },
    "EmbeddedLink": {"on-click-action": "Where the link leads."},
    "DatePicker": {"init-value": "The date that is chosen at first, YYYY-MM-DD."},
    "CalendarPicker": {
        "label": "What the field is called; in the mode range one label for each of the two dates.",
        "mode": "single for one date, range for a first and a last one.",
        "title": "A heading above the two fields; only in the mode range.",
        "description": "A longer explanation below the title; only in the mode range.",
        "helper-text": "A hint below the field; in the mode range one for each of the two dates.",
        "required": "Whether it must be filled in; in the mode range for each of the two dates.",
        "include-days": "The days of the week that can be chosen.",
        "min-days": "The shortest range, in days; only in the mode range.",
        "max-days": "The longest range, in days; only in the mode range.",
        "init-value": "The date or the two dates that are chosen at first.",
        "error-message": "An error to show; in the mode range one for each of the two dates.",
    },
    "Image": {
        "src": f"{_SHOWN_PICTURE} JPEG or PNG, at most 300 KB.",
        "width": "The width to show it in.",
        "height": "The height to show it in; Android takes 400 with contain when it is left out.",
        "aspect-ratio": "Width divided by height.",
    },
    "ImageCarousel": {
        "images": "The pictures, one to three, written out or bound to a list in data.",
        "aspect-ratio": "Width to height of the pictures.",
    },
    "NavigationList": {
        "list-items": "The rows, written out or bound to a list in data.",
        "label": "A heading above the list.",
        "description": "An explanation below the heading.",
        "on-click-action": (
            "What a tap on any row does. Give it either here or in every row, not in both places."
        ),
    },
    "PhotoPicker": {
        "photo-source": "Whether people may use the camera, the gallery, or both.",
        "min-uploaded-photos": "How many photos must be given at least.",
        "max-uploaded-photos": (
            "How many photos can be given at most. A flow that ends with complete can send 10 "
            "files and 100 MiB in all."
        ),
        "error-message": "An error to show: one text, or one for each file by its media id.",
    },
    "DocumentPicker": {
        "min-uploaded-documents": "How many documents must be given at least.",
        "max-uploaded-documents": (
            "How many documents can be given at most. A flow that ends with complete can send 10 "
            "files and 100 MiB in all."
        ),
        "allowed-mime-types": (
            "The kinds of files that can be chosen. Some phones offer others too, so the endpoint "
            "must check."
        ),
        "error-message": "An error to show: one text, or one for each file by its media id.",
    },
    "Form": {
        "name": "A name for the Form. It has no value of its own.",
        "init-values": "What the inputs in the Form hold at first, by their names.",
        "error-messages": "Errors to show at the inputs in the Form, by their names.",
    },
    "If": {
        "condition": (
            "An expression that is true or false, with at least one binding: ${form.age} >= 18 && "
            "${data.is_open}. From 6.0 it may stand in backticks."
        ),
        "then": "What is shown where the condition is true.",
        "else": "What is shown otherwise.",
    },
    "Switch": {
        "value": "The binding whose text chooses the case.",
        "cases": (
            "Lists of components by value. The case named default is shown where no other fits."
        ),
    },
    # Entries of lists, under the names that their definitions have.
    "Option": {
        "id": "What the input's value is when this option is chosen. Unique in the list.",
        "title": "What people read.",
        "description": "A longer explanation below the title.",
        "metadata": "A short note, such as a price.",
        "enabled": "Whether the option can be chosen.",
        "image": f"{_SHOWN_PICTURE} Below 100 KB (5.1: 300 KB). Not in one list with color.",
        "color": "A colour shown at the option, #RRGGBB. Not in one list with image.",
    },
    "Chip": {
        "id": "What the input's value holds when this option is chosen. Unique in the list.",
        "title": "What people read.",
        "enabled": "Whether the option can be chosen.",
    },
    "Row": {
        "id": "What the list's value is when this row is tapped. Unique in the list.",
        "main-content": "The texts of the row.",
        "title": "The first line.",
        "description": "The second line.",
        "metadata": "The third line.",
        "start": "A picture at the start of the row.",
        "image": f"{_SHOWN_PICTURE} Below 100 KB.",
        "end": "Texts at the end of the row, one or two of the three. Not with large pictures.",
        "badge": "A word to mark the row with. At most one row of a list has one.",
        "tags": "One to three words below the row.",
        "enabled": "Whether the row can be tapped.",
    },
    "Picture": {"src": _SHOWN_PICTURE},
}


def description(owner: str, name: str) -> str:
    """Give what is said about a property of a component or list entry."""
    own = PROPERTIES.get(owner, {})
    return own[name] if name in own else PROPERTIES[EVERY][name]
