"""What recorded data may be used for, and what it may never be used for."""

from enum import StrEnum


class Purpose(StrEnum):
    """One use that a person can switch on by itself."""

    MODEL_TRAINING = "model_training"
    """Training models that use a computer as people do."""
    MODEL_EVALUATION = "model_evaluation"
    """Measuring such models."""
    RESEARCH = "research"
    """Published research on how such tasks are done, never about a person."""


class Prohibition(StrEnum):
    """A use that every policy forbids: nothing can ever be exported for it."""

    PERFORMANCE_MONITORING = "performance_monitoring"
    INDIVIDUAL_SCORING = "individual_scoring"
    EMOTION_INFERENCE = "emotion_inference"
    BIOMETRIC_IDENTIFICATION = "biometric_identification"


ALWAYS_PROHIBITED = tuple(Prohibition)
"""Every policy must name all of these."""
