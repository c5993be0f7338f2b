"""The words for kinds of tasks, trades and what else the task bank names."""

from __future__ import annotations

from app.core.errors import N_

KINDS = {
    "task_call": N_("Incoming call"),
    "task_complaint": N_("Handling a complaint"),
    "task_sale": N_("Outgoing sales call"),
    "task_coaching": N_("Coaching a clerk"),
    "task_briefing": N_("Briefing a team"),
    "task_chat": N_("Online chat"),
    "task_ticket": N_("Recording a case"),
    "task_typing": N_("Typing"),
    "task_faults": N_("Finding faults in a recording"),
    "task_report": N_("Reading a report"),
    "task_roster": N_("Making a roster"),
}
TRADES = {
    "trade_personnel": N_("Personnel services"),
    "trade_finance": N_("Finance"),
    "trade_logistics": N_("Logistics"),
    "trade_ecommerce": N_("E-commerce"),
    "trade_travel": N_("Business travel"),
    "trade_roadside": N_("Roadside assistance"),
    "trade_insurance": N_("Insurance"),
    "trade_express": N_("Express delivery"),
    "trade_telecom": N_("Telecommunications"),
    "trade_utilities": N_("Water, gas and power"),
    "trade_government": N_("Government hotline"),
    "trade_tourism": N_("Tourism"),
    "trade_property": N_("Property management"),
    "trade_health": N_("Health care"),
    "trade_education": N_("Education"),
    "trade_automotive": N_("Cars"),
}
TOLD = {
    "told_opening": N_("says it at once"),
    "told_if_asked": N_("only if asked"),
    "told_only_if_verified": N_("only once identified"),
    "told_late": N_("late in the call"),
    "mood_calm": N_("calm"),
    "mood_hurried": N_("in a hurry"),
    "mood_angry": N_("angry"),
}
TASK_NAMES = {**KINDS, **TRADES, **TOLD}
