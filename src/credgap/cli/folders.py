"""The folders that are this user's: compiled copies and answers, and the profile that is used where none is named."""

from __future__ import annotations

from pathlib import Path


def cache() -> Path:
    """Where copies are kept that only save time."""
    from platformdirs import user_cache_path

    return user_cache_path("credgap", appauthor=False)


def own_profile() -> Path | None:
    """The profile in the user's configuration folder, if there is one."""
    from platformdirs import user_config_path

    path = user_config_path("credgap", appauthor=False) / "profile.yaml"
    return path if path.is_file() else None


def plans() -> Path:
    """Where plans are kept that the user saves."""
    from platformdirs import user_data_path

    return user_data_path("credgap", appauthor=False) / "plans"


def profile_path() -> Path:
    """Where the profile stands, or would stand, that is used where none is named."""
    from platformdirs import user_config_path

    return user_config_path("credgap", appauthor=False) / "profile.yaml"


def configuration() -> Path:
    """Where the configuration file stands, or would stand."""
    from platformdirs import user_config_path

    return user_config_path("credgap", appauthor=False) / "config.yaml"
