"""The only place that changes reports: permission, guard, change, log, follow-up."""

from .arranging import (
    add_chapter,
    add_section,
    create_report,
    move_chapter,
    move_section,
    remove_chapter,
    remove_section,
    rename_chapter,
    shown_chapter,
    shown_section,
    step_chapter,
    step_section,
    update_chapter,
    update_section,
    why_chapter_stays,
    why_section_stays,
)
from .review import take
from .writing import AchievementInput, GoalInput, SectionInput, restore_version, save_section, submit_section

__all__ = [
    "AchievementInput",
    "GoalInput",
    "SectionInput",
    "add_chapter",
    "add_section",
    "create_report",
    "move_chapter",
    "move_section",
    "remove_chapter",
    "remove_section",
    "rename_chapter",
    "restore_version",
    "save_section",
    "shown_chapter",
    "shown_section",
    "step_chapter",
    "step_section",
    "submit_section",
    "take",
    "update_chapter",
    "update_section",
    "why_chapter_stays",
    "why_section_stays",
]
