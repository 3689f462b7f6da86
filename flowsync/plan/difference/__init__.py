"""Where two Flow JSONs differ, in terms that people know: screens, components, options, routes.

How both sides are matched, each rule before the next:

- Screens by id. A screen that went and one that came are one that was renamed where at least 60 %
  of their components are the same (type, and name or text), the most alike first.
- Components in one list by type and name; those without a name by equal content, then in order
  among those of one type. What is left over is matched over the whole screen, then over the flow:
  by type and name (moved), by name alone (another type), by equal content (moved), by type and
  label (renamed).
- Options, and other objects in lists, by their `id`; one that went and one that came with the same
  title had its id changed. So what is inserted is one insertion.
- Routes by the screens at both ends, after renames.
"""
