"""The words for the kinds of task, as a candidate reads them."""

from __future__ import annotations

from app.core.errors import N_

NAMES = {
    "call": N_("Incoming call"),
    "complaint": N_("Handling a complaint"),
    "sale": N_("Outgoing sales call"),
    "coaching": N_("Coaching a clerk"),
    "briefing": N_("Briefing a team"),
    "chat": N_("Online chat"),
    "ticket": N_("Recording a case"),
    "typing": N_("Typing"),
    "faults": N_("Finding faults in a recording"),
    "report": N_("Reading a report"),
    "roster": N_("Making a roster"),
}
HOW = {
    "call": N_("Your examiners play the caller. Read the card, then begin when they say so."),
    "complaint": N_("Your examiners play the customer. Read the card, then begin when they say so."),
    "sale": N_("Your examiners play the customer you call. Read the card, then begin when they say so."),
    "coaching": N_("Your examiners play the clerk. Read the card and the record, then begin when they say so."),
    "briefing": N_("Your examiners are the audience. Read the card, then begin when they say so."),
    "chat": N_("Two or three customers write to you at once. Answer each in time, politely and to the point."),
    "ticket": N_("Listen to the customer and record the facts in the form. What you write is saved as you type."),
    "typing": N_("Type the text, then the digits. Speed and accuracy count; pasting is not possible."),
    "faults": N_("Listen to the call and mark each fault where you hear it. False alarms cost points."),
    "report": N_("Read the tables and answer the questions. You may change your answers until the time is over."),
    "roster": N_("Give each person a shift so that every interval has the people it needs and no limit is broken."),
}
BREACHES = {
    "may": N_("%(person)s may not be given the shift %(shift)s."),
    "most-hours": N_("The shift %(shift)s is longer than %(person)s may work (%(hours)s hours)."),
    "most-staff": N_("%(count)s people work; at most %(most)s may."),
    "total-hours": N_("%(hours)s hours are worked in all; at most %(most)s may be."),
    "shift-least": N_("The shift %(shift)s has %(count)s people; it needs at least %(least)s."),
    "shift-most": N_("The shift %(shift)s has %(count)s people; it takes at most %(most)s."),
    "together": N_("%(one)s works only together with %(other)s."),
    "apart": N_("%(one)s and %(other)s may not work the same shift."),
    "must-work": N_("%(person)s must work."),
    "most-on-duty": N_("At %(at)s %(count)s people are on duty; there are places for %(most)s."),
    "least-on-duty": N_("At %(at)s %(count)s people are on duty; there must be at least %(least)s."),
}
"""As question_bank.tasks.rostering says them; the page of the roster says them at once, without a network."""
