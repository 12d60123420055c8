"""sftlint lints fine-tuning data. What stands here is what a rule may import."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sftlint.batch import Batch as Batch
    from sftlint.batch import Column as Column
    from sftlint.batch import Place as Place
    from sftlint.batch import place as place
    from sftlint.errors import Error as Error
    from sftlint.formats import closest as closest
    from sftlint.formats import faults as faults
    from sftlint.formats import known_fields as known_fields
    from sftlint.learn import Answers as Answers
    from sftlint.learn import Counted as Counted
    from sftlint.learn import Learned as Learned
    from sftlint.learn import Sample as Sample
    from sftlint.learned import scripts as scripts
    from sftlint.learned.boundary import SentenceEnds as SentenceEnds
    from sftlint.learned.contracts import Contract as Contract
    from sftlint.learned.grams import window as window
    from sftlint.learned.roles import Roles as Roles
    from sftlint.learned.roles import Rounds as Rounds
    from sftlint.learned.template import Template as Template
    from sftlint.learned.templates import Templates as Templates
    from sftlint.matching.compare import LEAST_CONTENT as LEAST_CONTENT
    from sftlint.matching.compare import SHORT_PROMPT as SHORT_PROMPT
    from sftlint.matching.compare import Sides as Sides
    from sftlint.matching.compare import differing as differing
    from sftlint.matching.compare import other_thing as other_thing
    from sftlint.matching.compare import same_matter as same_matter
    from sftlint.matching.keys import Keys as Keys
    from sftlint.matching.keys import key_of as key_of
    from sftlint.matching.keys import keys_of as keys_of
    from sftlint.matching.keys import mixed as mixed
    from sftlint.matching.keys import paired as paired
    from sftlint.matching.minhash import jaccard as jaccard
    from sftlint.matching.neighbours import FIRST as FIRST
    from sftlint.matching.neighbours import LAST as LAST
    from sftlint.matching.neighbours import TELLING as TELLING
    from sftlint.matching.neighbours import events as events
    from sftlint.matching.neighbours import met as met
    from sftlint.matching.neighbours import stretch as stretch
    from sftlint.matching.neighbours import told as told
    from sftlint.matching.probes import Probes as Probes
    from sftlint.matching.shingles import Boilerplate as Boilerplate
    from sftlint.matching.shingles import Shingles as Shingles
    from sftlint.matching.shingles import said as said
    from sftlint.matching.sketches import Sketches as Sketches
    from sftlint.matching.sketches import banding as banding
    from sftlint.matching.sketches import candidates as candidates
    from sftlint.matching.sketches import sketched as sketched
    from sftlint.packed import Packed as Packed
    from sftlint.pattern import Pattern as Pattern
    from sftlint.pattern import Words as Words
    from sftlint.phrase import Phrase as Phrase
    from sftlint.phrase import quote as quote
    from sftlint.preset import Preset as Preset
    from sftlint.reading.parse import duplicate_keys as duplicate_keys
    from sftlint.reading.parse import escape as escape
    from sftlint.reading.parse import strings as strings
    from sftlint.reading.parse import strings_in as strings_in
    from sftlint.reading.preflight import legacy_encoding as legacy_encoding
    from sftlint.reading.syntax import diagnose as diagnose
    from sftlint.record import Fault as Fault
    from sftlint.record import Record as Record
    from sftlint.record import Rejected as Rejected
    from sftlint.record import Text as Text
    from sftlint.record import Turn as Turn
    from sftlint.rule import Bad as Bad
    from sftlint.rule import Edit as Edit
    from sftlint.rule import Finding as Finding
    from sftlint.rule import Fix as Fix
    from sftlint.rule import Good as Good
    from sftlint.rule import Mend as Mend
    from sftlint.rule import Rule as Rule
    from sftlint.rule import chat as chat
    from sftlint.rule import drop as drop
    from sftlint.rule import mend_file as mend_file
    from sftlint.rule import replace as replace
    from sftlint.run import Run as Run
    from sftlint.summary import Buckets as Buckets
    from sftlint.summary import Crowds as Crowds
    from sftlint.summary import Ragged as Ragged
    from sftlint.summary import Tally as Tally
    from sftlint.summary import among as among
    from sftlint.summary import distinct as distinct
    from sftlint.texts import beginnings as beginnings
    from sftlint.texts import dangling as dangling
    from sftlint.texts import endings as endings
    from sftlint.texts import languages as languages
    from sftlint.texts import mojibake as mojibake
    from sftlint.texts import standins as standins
    from sftlint.texts import unfilled as unfilled
    from sftlint.texts.arithmetic import EQUALS as EQUALS
    from sftlint.texts.arithmetic import sums as sums
    from sftlint.texts.calculable import answered_otherwise as answered_otherwise
    from sftlint.texts.calculable import asked_result as asked_result
    from sftlint.texts.constraints import CODE_ASKED as CODE_ASKED
    from sftlint.texts.constraints import JSON_DEMAND as JSON_DEMAND
    from sftlint.texts.constraints import LANGUAGE_DEMAND as LANGUAGE_DEMAND
    from sftlint.texts.constraints import LENGTH_DEMAND as LENGTH_DEMAND
    from sftlint.texts.constraints import OPTION_DEMAND as OPTION_DEMAND
    from sftlint.texts.constraints import OPTION_LIST as OPTION_LIST
    from sftlint.texts.constraints import Options as Options
    from sftlint.texts.constraints import demanded_length as demanded_length
    from sftlint.texts.constraints import demanded_options as demanded_options
    from sftlint.texts.constraints import listed_options as listed_options
    from sftlint.texts.courtesy import without_courtesy as without_courtesy
    from sftlint.texts.demands import FORM_DEMANDS as FORM_DEMANDS
    from sftlint.texts.demands import Ignored as Ignored
    from sftlint.texts.demands import Judge as Judge
    from sftlint.texts.demands import ignored as ignored
    from sftlint.texts.facts import PROGRAM as PROGRAM
    from sftlint.texts.facts import alike as alike
    from sftlint.texts.facts import words as words
    from sftlint.texts.folding import fold as fold
    from sftlint.texts.folding import letters as letters
    from sftlint.texts.loops import Repeated as Repeated
    from sftlint.texts.loops import evenly as evenly
    from sftlint.texts.loops import repeated as repeated
    from sftlint.texts.loops import twice as twice
    from sftlint.texts.private import PERSONAL as PERSONAL
    from sftlint.texts.private import PERSONAL_SIGN as PERSONAL_SIGN
    from sftlint.texts.private import SECRET_SIGN as SECRET_SIGN
    from sftlint.texts.private import SECRETS as SECRETS
    from sftlint.texts.private import hits as hits
    from sftlint.texts.tongues import FOREIGN as FOREIGN
    from sftlint.texts.tongues import foreign_sentences as foreign_sentences
    from sftlint.texts.tongues import foreign_text as foreign_text
    from sftlint.texts.tongues import speaks as speaks
    from sftlint.texts.tool_calls import Call as Call
    from sftlint.texts.tool_calls import calls_of as calls_of
    from sftlint.texts.tool_calls import declared_in as declared_in
    from sftlint.texts.traits import is_json as is_json
    from sftlint.texts.traits import label as label
    from sftlint.texts.traits import script as script

__version__ = "0.1.0"

_HOMES = {
    "batch": "Batch Column Place place",
    "errors": "Error",
    "formats": "closest faults known_fields",
    "learn": "Answers Counted Learned Sample",
    "learned.boundary": "SentenceEnds",
    "learned.contracts": "Contract",
    "learned.grams": "window",
    "learned.roles": "Roles Rounds",
    "learned.template": "Template",
    "learned.templates": "Templates",
    "matching.compare": "LEAST_CONTENT SHORT_PROMPT Sides differing other_thing same_matter",
    "matching.keys": "Keys key_of keys_of mixed paired",
    "matching.minhash": "jaccard",
    "matching.neighbours": "FIRST LAST TELLING events met stretch told",
    "matching.probes": "Probes",
    "matching.shingles": "Boilerplate Shingles said",
    "matching.sketches": "Sketches banding candidates sketched",
    "packed": "Packed",
    "pattern": "Pattern Words",
    "phrase": "Phrase quote",
    "preset": "Preset",
    "reading.parse": "duplicate_keys escape strings strings_in",
    "reading.preflight": "legacy_encoding",
    "reading.syntax": "diagnose",
    "record": "Fault Record Rejected Text Turn",
    "rule": "Bad Edit Finding Fix Good Mend Rule chat drop mend_file replace",
    "run": "Run",
    "summary": "Buckets Crowds Ragged Tally among distinct",
    "texts.arithmetic": "EQUALS sums",
    "texts.calculable": "answered_otherwise asked_result",
    "texts.constraints": "CODE_ASKED JSON_DEMAND LANGUAGE_DEMAND LENGTH_DEMAND OPTION_DEMAND OPTION_LIST Options demanded_length demanded_options listed_options",
    "texts.courtesy": "without_courtesy",
    "texts.demands": "FORM_DEMANDS Ignored Judge ignored",
    "texts.facts": "PROGRAM alike words",
    "texts.folding": "fold letters",
    "texts.loops": "Repeated evenly repeated twice",
    "texts.private": "PERSONAL PERSONAL_SIGN SECRETS SECRET_SIGN hits",
    "texts.tongues": "FOREIGN foreign_sentences foreign_text speaks",
    "texts.tool_calls": "Call calls_of declared_in",
    "texts.traits": "is_json label script",
}
#: Modules that rules import whole.
_WHOLE = {"learned": "scripts", "texts": "beginnings dangling endings languages mojibake standins unfilled"}
_MODULES = {name: module for module, names in _HOMES.items() for name in names.split()}
_FOLDERS = {module: folder for folder, modules in _WHOLE.items() for module in modules.split()}
__all__ = sorted([*_MODULES, *_FOLDERS])


def __getattr__(name: str) -> Any:
    """Import on first use: `sftlint --version` needs none of it."""
    if name in _FOLDERS:
        return importlib.import_module(f"sftlint.{_FOLDERS[name]}.{name}")
    if name not in _MODULES:
        raise AttributeError(f"module 'sftlint' has no attribute {name!r}")
    return getattr(importlib.import_module(f"sftlint.{_MODULES[name]}"), name)
