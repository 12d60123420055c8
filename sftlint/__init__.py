"""sftlint lints fine-tuning data. What stands here is what a rule may import."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sftlint import beginnings as beginnings
    from sftlint import dangling as dangling
    from sftlint import endings as endings
    from sftlint.arithmetic import EQUALS as EQUALS
    from sftlint.arithmetic import sums as sums
    from sftlint.batch import Batch as Batch
    from sftlint.batch import Column as Column
    from sftlint.batch import Place as Place
    from sftlint.batch import place as place
    from sftlint.boundary import SentenceEnds as SentenceEnds
    from sftlint.calculable import answered_otherwise as answered_otherwise
    from sftlint.calculable import asked_result as asked_result
    from sftlint.compare import LEAST_CONTENT as LEAST_CONTENT
    from sftlint.compare import SHORT_PROMPT as SHORT_PROMPT
    from sftlint.compare import Sides as Sides
    from sftlint.compare import differing as differing
    from sftlint.compare import other_thing as other_thing
    from sftlint.compare import same_matter as same_matter
    from sftlint.constraints import CODE_ASKED as CODE_ASKED
    from sftlint.constraints import JSON_DEMAND as JSON_DEMAND
    from sftlint.constraints import LANGUAGE_DEMAND as LANGUAGE_DEMAND
    from sftlint.constraints import LENGTH_DEMAND as LENGTH_DEMAND
    from sftlint.constraints import OPTION_DEMAND as OPTION_DEMAND
    from sftlint.constraints import OPTION_LIST as OPTION_LIST
    from sftlint.constraints import demanded_length as demanded_length
    from sftlint.constraints import demanded_options as demanded_options
    from sftlint.constraints import listed_options as listed_options
    from sftlint.contracts import Contract as Contract
    from sftlint.courtesy import without_courtesy as without_courtesy
    from sftlint.demands import FORM_DEMANDS as FORM_DEMANDS
    from sftlint.demands import Ignored as Ignored
    from sftlint.demands import Judge as Judge
    from sftlint.demands import ignored as ignored
    from sftlint.errors import Error as Error
    from sftlint.folding import fold as fold
    from sftlint.folding import letters as letters
    from sftlint.formats import closest as closest
    from sftlint.formats import faults as faults
    from sftlint.formats import known_fields as known_fields
    from sftlint.grams import window as window
    from sftlint.keys import Keys as Keys
    from sftlint.keys import key_of as key_of
    from sftlint.keys import keys_of as keys_of
    from sftlint.keys import mixed as mixed
    from sftlint.learn import Answers as Answers
    from sftlint.learn import Counted as Counted
    from sftlint.learn import Learned as Learned
    from sftlint.learn import Sample as Sample
    from sftlint.loops import Repeated as Repeated
    from sftlint.loops import evenly as evenly
    from sftlint.loops import repeated as repeated
    from sftlint.loops import twice as twice
    from sftlint.memory import Packed as Packed
    from sftlint.minhash import jaccard as jaccard
    from sftlint.neighbours import FIRST as FIRST
    from sftlint.neighbours import LAST as LAST
    from sftlint.neighbours import TELLING as TELLING
    from sftlint.neighbours import events as events
    from sftlint.neighbours import met as met
    from sftlint.neighbours import stretch as stretch
    from sftlint.neighbours import told as told
    from sftlint.parse import duplicate_keys as duplicate_keys
    from sftlint.parse import escape as escape
    from sftlint.parse import strings as strings
    from sftlint.parse import strings_in as strings_in
    from sftlint.pattern import Pattern as Pattern
    from sftlint.pattern import Words as Words
    from sftlint.phrase import Phrase as Phrase
    from sftlint.phrase import quote as quote
    from sftlint.preflight import legacy_encoding as legacy_encoding
    from sftlint.preset import Preset as Preset
    from sftlint.private import PERSONAL as PERSONAL
    from sftlint.private import PERSONAL_SIGN as PERSONAL_SIGN
    from sftlint.private import SECRET_SIGN as SECRET_SIGN
    from sftlint.private import SECRETS as SECRETS
    from sftlint.private import hits as hits
    from sftlint.probes import Probes as Probes
    from sftlint.record import Fault as Fault
    from sftlint.record import Record as Record
    from sftlint.record import Rejected as Rejected
    from sftlint.record import Text as Text
    from sftlint.record import Turn as Turn
    from sftlint.roles import Roles as Roles
    from sftlint.roles import Rounds as Rounds
    from sftlint.rule import Bad as Bad
    from sftlint.rule import Edit as Edit
    from sftlint.rule import Finding as Finding
    from sftlint.rule import Fix as Fix
    from sftlint.rule import Good as Good
    from sftlint.rule import Rule as Rule
    from sftlint.rule import chat as chat
    from sftlint.rule import drop as drop
    from sftlint.rule import mend_file as mend_file
    from sftlint.rule import replace as replace
    from sftlint.run import Run as Run
    from sftlint.shingles import Boilerplate as Boilerplate
    from sftlint.shingles import Shingles as Shingles
    from sftlint.shingles import said as said
    from sftlint.sketches import Sketches as Sketches
    from sftlint.sketches import banding as banding
    from sftlint.sketches import candidates as candidates
    from sftlint.sketches import sketched as sketched
    from sftlint.summary import Buckets as Buckets
    from sftlint.summary import Crowds as Crowds
    from sftlint.summary import Ragged as Ragged
    from sftlint.summary import Tally as Tally
    from sftlint.summary import among as among
    from sftlint.summary import distinct as distinct
    from sftlint.syntax import diagnose as diagnose
    from sftlint.template import Template as Template
    from sftlint.templates import Templates as Templates
    from sftlint.text import PROGRAM as PROGRAM
    from sftlint.text import alike as alike
    from sftlint.text import words as words
    from sftlint.tongues import FOREIGN as FOREIGN
    from sftlint.tongues import foreign_sentences as foreign_sentences
    from sftlint.tongues import foreign_text as foreign_text
    from sftlint.tongues import speaks as speaks
    from sftlint.tool_calls import Call as Call
    from sftlint.tool_calls import calls_of as calls_of
    from sftlint.tool_calls import declared_in as declared_in
    from sftlint.traits import is_json as is_json
    from sftlint.traits import label as label
    from sftlint.traits import script as script

__version__ = "0.1.0"

_HOMES = {
    "arithmetic": "EQUALS sums",
    "batch": "Batch Column Place place",
    "boundary": "SentenceEnds",
    "calculable": "answered_otherwise asked_result",
    "compare": "LEAST_CONTENT SHORT_PROMPT Sides differing other_thing same_matter",
    "constraints": "CODE_ASKED JSON_DEMAND LANGUAGE_DEMAND LENGTH_DEMAND OPTION_DEMAND OPTION_LIST demanded_length demanded_options listed_options",
    "contracts": "Contract",
    "courtesy": "without_courtesy",
    "demands": "FORM_DEMANDS Ignored Judge ignored",
    "errors": "Error",
    "folding": "fold letters",
    "formats": "closest faults known_fields",
    "grams": "window",
    "keys": "Keys key_of keys_of mixed",
    "learn": "Answers Counted Learned Sample",
    "loops": "Repeated evenly repeated twice",
    "memory": "Packed",
    "minhash": "jaccard",
    "neighbours": "FIRST LAST TELLING events met stretch told",
    "parse": "duplicate_keys escape strings strings_in",
    "pattern": "Pattern Words",
    "phrase": "Phrase quote",
    "preflight": "legacy_encoding",
    "preset": "Preset",
    "private": "PERSONAL PERSONAL_SIGN SECRETS SECRET_SIGN hits",
    "probes": "Probes",
    "record": "Fault Record Rejected Text Turn",
    "roles": "Roles Rounds",
    "rule": "Bad Edit Finding Fix Good Rule chat drop mend_file replace",
    "run": "Run",
    "shingles": "Boilerplate Shingles said",
    "sketches": "Sketches banding candidates sketched",
    "summary": "Buckets Crowds Ragged Tally among distinct",
    "syntax": "diagnose",
    "template": "Template",
    "templates": "Templates",
    "text": "PROGRAM alike words",
    "tongues": "FOREIGN foreign_sentences foreign_text speaks",
    "tool_calls": "Call calls_of declared_in",
    "traits": "is_json label script",
}
_MODULES = {name: module for module, names in _HOMES.items() for name in names.split()}
__all__ = sorted(_MODULES)


def __getattr__(name: str) -> Any:
    """Import on first use: `sftlint --version` needs none of it."""
    if name not in _MODULES:
        raise AttributeError(f"module 'sftlint' has no attribute {name!r}")
    return getattr(importlib.import_module(f"sftlint.{_MODULES[name]}"), name)
