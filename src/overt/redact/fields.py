"""Which focused fields are sensitive by role, type or name."""

from overt.events.context import FieldInfo
from overt.policy.fields import FieldKind, sensitive_kind


def sensitive_label(field: FieldInfo) -> FieldKind | None:
    """Say what *field* asks for when that is sensitive, or ``None`` for an ordinary field."""
    return sensitive_kind(field.label, field.name, field.html_id, input_type=field.input_type, role=field.role)
