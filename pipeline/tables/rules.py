"""The rules that join the entities of several announcements, in words: ``resolutions.rule``."""

from __future__ import annotations

# What each rule means, in words: "joined because …".
RULES: dict[str, str] = {
    "alone": "no other announcement is known to name it",
    "area_same_code": "the same code of Statistics Finland",
    "area_name_of_code": "the only area of this type and name that has a code",
    "area_same_name": "the same name and type of area",
    "organisation_same_name": "the same name",
    "organisation_known_acronym": "an acronym that belongs to this body only",
    "organisation_known_alias": "another name that belongs to this body only",
    "organisation_known_short": "a short name that belongs to this body only",
    "organisation_known_full": "another full name that belongs to this body only",
    "organisation_legal_form": "the same name without its legal form, of which only one is known",
    "near_name_same_acronym": "another spelling of the name that has the same acronym",
    "project_same_name": "the same telling name",
    "project_short_name_and_organisation": "the same short name, and an organisation takes part "
    "in both",
    "project_short_name_and_person": "the same short name, and a person works in both",
    "project_short_name_and_identifier": "the same short name and the same code in a register",
    "project_short_name_and_link": "the same short name and the same related project",
    "project_near_name_and_more": "another form or spelling of the name, and an organisation, "
    "person, code or related project is shared",
    "project_name_begins_with": "the only project whose full name begins with this acronym",
    "project_known_acronym": "an acronym that belongs to this programme only",
    "project_known_alias": "another name that belongs to this programme only",
    "project_known_short": "a short name that belongs to this programme only",
    "project_known_full": "another full name that belongs to this programme only",
    "person_same_announcement": "the same full name in one announcement",
    "person_name_and_project": "the same full name and the same project",
    "person_name_and_project_family": "the same full name, and projects that belong together",
    "person_name_and_organisation": "the same full name and the same organisation",
    "person_name_and_email": "the same full name and the same e-mail address",
    "person_family_name_and_email": "the same family name and the same e-mail address of that name",
    "person_name_and_phone": "the same full name and the same telephone number",
    "correction": "somebody said so in the file of corrections",
}
