"""What the pages say, in Finnish and English, and how each writes numbers and dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

LANGUAGES = ("fi", "en")
NBSP = "\u00a0"

# Each: Finnish, English.
_WORDS: dict[str, tuple[str, str]] = {
    "title": ("Hankkeet tiedotteista", "Projects in announcements"),
    "overview": ("Yleiskuva", "Overview"),
    "projects": ("Hankkeet", "Projects"),
    "programmes": ("Ohjelmat", "Programmes"),
    "project": ("Hanke", "Project"),
    "programme": ("Ohjelma", "Programme"),
    "announcements": ("Tiedotteet", "Announcements"),
    "announcement": ("Tiedote", "Announcement"),
    "areas": ("Alueet", "Areas"),
    "money": ("Raha", "Money"),
    "doubts": ("Tarkistettavaa", "To check"),
    "skip": ("Siirry sisältöön", "Skip to content"),
    "other_language": ("In English", "Suomeksi"),
    "people": ("Ihmisiä", "People"),
    "organisations": ("Organisaatioita", "Organisations"),
    "organisation": ("Organisaatio", "Organisation"),
    "counted_money": ("Rahoitusta", "Funding"),
    "counted_note": ("jokainen euro kerran", "each euro once"),
    "lede": (
        "{p} hanketta {n} tiedotteesta: {statuses}. Jokaisen tiedon takana on lause.",
        "{p} projects in {n} announcements: {statuses}. Behind every fact is a sentence.",
    ),
    "timeline": ("Hankkeet ajassa", "Projects over time"),
    "timeline_note": (
        "Kesto niin kuin tiedotteet sen kertovat; avoin pää haalistuu.",
        "Periods as announcements tell them; an open end fades.",
    ),
    "map": ("Missä", "Where"),
    "map_note": (
        "Pisteen koko on kunnan hankkeiden määrä. Ruudut ovat maakuntia ja hyvinvointialueita.",
        "A dot's size is the number of projects in a municipality. Tiles are regions and "
        "wellbeing services counties.",
    ),
    "municipalities": ("Kunnat", "Municipalities"),
    "regions": ("Maakunnat", "Regions"),
    "subregions": ("Seutukunnat", "Sub-regions"),
    "counties": ("Hyvinvointialueet", "Wellbeing services counties"),
    "other_areas": ("Muut alueet", "Other areas"),
    "countries": ("Maat", "Countries"),
    "funders": ("Kuka rahoittaa", "Who pays"),
    "funders_note": (
        "Kokonaissummia ei lasketa osiensa lisäksi eikä toistettuja summia kahdesti.",
        "Totals are not added to their parts, nor what is said again.",
    ),
    "payer_unknown": ("maksajaa ei kerrota", "payer not named"),
    "chart.running": ("Käynnissä olevat hankkeet vuosittain", "Projects running, by year"),
    "chart.money": (
        "Rahoitus tiedotteen vuoden ja maksajan mukaan, jokainen euro kerran",
        "Funding by year of the announcement and kind of payer, each euro once",
    ),
    "chart.funders": ("Rahoitus maksajittain", "Funding by payer"),
    "chart.pairs": ("Yhteisiä hankkeita", "Projects together"),
    "chart.municipalities": ("Kunnat", "Municipalities"),
    "chart.regions": ("Maakunnat", "Regions"),
    "chart.counties": ("Hyvinvointialueet", "Wellbeing services counties"),
    "as_table": ("Samat luvut taulukkona", "The same as a table"),
    "year": ("Vuosi", "Year"),
    "payer": ("Maksaja", "Payer"),
    "millions": ("milj. €", "million €"),
    "thousands": ("tuhatta €", "thousand €"),
    "payer.fund": ("rahasto", "fund"),
    "payer.ministry": ("ministeriö", "ministry"),
    "payer.regional_council": ("maakuntaliitto", "regional council"),
    "payer.agency": ("virasto", "agency"),
    "payer.municipality": ("kunta", "municipality"),
    "payer.other": ("muu", "other"),
    "payer.unknown": ("ei kerrota", "not named"),
    "pairs": ("Kuka tekee kenen kanssa", "Who works with whom"),
    "all_projects": ("Kaikki hankkeet ja ohjelmat", "All projects and programmes"),
    "all_announcements": ("Kaikki tiedotteet", "All announcements"),
    "all_money": ("Kaikki rahasummat", "All amounts"),
    "all_areas": ("Kaikki alueet", "All areas"),
    "name": ("Nimi", "Name"),
    "period": ("Kesto", "Period"),
    "lead": ("Toteuttaja", "Lead"),
    "funder": ("Rahoittaja", "Funder"),
    "partners": ("Kumppanit", "Partners"),
    "total": ("Kokonaisbudjetti", "Total budget"),
    "granted": ("Myönnetty", "Granted"),
    "where": ("Alue", "Area"),
    "contact": ("Yhteys", "Contact"),
    "other_names": ("Muita nimiä", "Other names"),
    "published": ("Julkaistu", "Published"),
    "source": ("Lähde", "Source"),
    "status": ("Tila", "Status"),
    "facts": ("Tietoja", "Facts"),
    "ok": ("luettu", "read"),
    "skipped": ("ohitettu", "skipped"),
    "failed": ("epäonnistui", "failed"),
    "text": ("Teksti", "Text"),
    "what_was_read": ("Mitä luettiin", "What was read"),
    "show": ("Näytä tekstissä", "Show in the text"),
    "back": ("Takaisin tietoihin", "Back to the facts"),
    "read_in": ("Lähteet", "Sources"),
    "mentioned_in": ("Mainittu tiedotteissa", "Mentioned in announcements"),
    "related": ("Liittyvät hankkeet", "Related projects"),
    "nothing": ("Ei mitään.", "Nothing."),
    "confidence": ("Varmuus", "Confidence"),
    "unsure": ("epävarma", "unsure"),
    "rule": ("Sääntö", "Rule"),
    "correction": ("Korjausrivi", "Correction line"),
    "correction_note": (
        "Kopioi rivi tiedostoon corrections/korjaukset.csv, täydennä ja aja uudelleen. Ensimmäinen "
        "rivi on aina otsikko:",
        "Copy a line into the file corrections/facts.csv, complete it and run again. The first "
        "line is always the header:",
    ),
    "fill_in_lead": (
        "Kirjoita toteuttajan nimi kahden puolipisteen väliin (;;):",
        "Write who carries it out between the two semicolons (;;):",
    ),
    "checks": ("Mikä näyttää väärältä", "What looks wrong"),
    "checks_note": (
        "Ristiriita voi olla tiedotteessa tai siinä, miten se luettiin.",
        "The fault may lie in the announcement, or in how it was read.",
    ),
    "doubtful": ("Epävarmat tiedot", "Doubtful facts"),
    "doubtful_note": (
        "Tiedot, joiden varmuus on alle {p} %, epävarmin ensin.",
        "Facts of a confidence below {p} %, the least sure first.",
    ),
    "explain_note": (
        "Miksi jokin on luettu niin: hankepoimuri explain ja rivin tunniste, esimerkiksi",
        "Why something was read so: hankepoimuri explain and the line's id, for example",
    ),
    "part_shown": (
        "Näytetään {first}–{last}, kaikkiaan {all}.",
        "{first} to {last} of {all}.",
    ),
    "first_shown": ("Näytetään {n} ensimmäistä, kaikkiaan {all}.", "The first {n} of {all}."),
    "severity": ("Vakavuus", "Severity"),
    "error": ("virhe", "error"),
    "warning": ("varoitus", "warning"),
    "note": ("huomio", "note"),
    "finding": ("Havainto", "Finding"),
    "place": ("Kohta", "Place"),
    "fact": ("Tieto", "Fact"),
    "sentence": ("Lause", "Sentence"),
    "amount": ("Summa", "Amount"),
    "kind": ("Laji", "Kind"),
    "one_project": ("1 hanke", "1 project"),
    "n_projects": ("{n} hanketta", "{n} projects"),
    "code": ("koodi", "code"),
    "why.no_project": ("ei minkään hankkeen", "of no project"),
    "why.programme": ("ohjelman: lasketaan hankkeissa", "a programme's: counted in its projects"),
    "why.other": ("ei rahoitusta eikä kustannuksia", "neither funding nor costs"),
    "why.applied": ("haettu, ei myönnetty", "applied for, not granted"),
    "why.sum_of_projects": ("usean hankkeen summa", "the sum of several projects"),
    "why.no_euros": ("ei tiedetä euroina", "not known in euros"),
    "why.total": ("koko summa: osat lasketaan", "the whole: its parts are counted"),
    "why.share": ("osuus: sama summa euroina", "a share: the same is told in euros"),
    "why.came_to_be": ("mitä myönnetystä toteutui", "what came to be of what was granted"),
    "why.repeated": ("sanottu jo", "said before"),
    "why.superseded": ("myöhempi tiedote kertoo uuden", "a later announcement says it anew"),
    "why.sum_of_parts": ("osiensa summa", "the sum of its parts"),
    "why.may_be_part": ("voi sisältyä muihin summiin", "may be a part of other amounts"),
    "rest": ("mitä osista jää: {eur}", "what its parts leave: {eur}"),
    "is_counted": ("Lasketaan", "Counted"),
    "yes": ("kyllä", "yes"),
    "no": ("ei", "no"),
    "organisation_pair": ("Organisaatiot", "Organisations"),
    "together": ("Yhteisiä hankkeita", "Projects together"),
    "filter": ("Suodata rivejä", "Filter rows"),
    "filter_page": ("Suodata tämän sivun rivejä", "Filter the rows of this page"),
    "rows_shown": ("riviä", "rows"),
    "sort": ("Järjestä", "Sort"),
    "page": ("Sivu", "Page"),
    "pages_left_out": (
        "Sivu on {n} uusimmalla tiedotteella, joita on kaikkiaan {all}. Taulukoissa ovat kaikki.",
        "There are pages of the {n} latest announcements, of {all}. The tables hold all.",
    ),
    "names": ("Nimet", "Names"),
    "roles": ("Ihmiset ja tehtävät", "People and roles"),
    "participations": ("Osapuolet", "Parts"),
    "dates": ("Ajat", "Dates"),
    "budgets": ("Rahat", "Money"),
    "project_areas": ("Paikat", "Places"),
    "identifiers": ("Tunnisteet", "Identifiers"),
    "project_links": ("Yhteydet", "Links"),
    "entity.project": ("hanke", "project"),
    "entity.person": ("ihminen", "person"),
    "entity.organisation": ("organisaatio", "organisation"),
    "entity.area": ("paikka", "place"),
    "legend.date": ("aika", "date"),
    "legend.money": ("raha", "money"),
    "legend.identifier": ("tunniste", "identifier"),
    "part.lead": ("toteuttaa", "leads"),
    "part.coordinator": ("koordinoi", "coordinates"),
    "part.implementer": ("osatoteuttaja", "implements"),
    "part.funder": ("rahoittaa", "funds"),
    "part.partner": ("kumppani", "partner"),
    "date.project_start": ("alkaa", "starts"),
    "date.project_end": ("päättyy", "ends"),
    "date.project_period": ("kesto", "period"),
    "date.published": ("julkaistu", "published"),
    "date.updated": ("päivitetty", "updated"),
    "date.decision": ("päätös", "decision"),
    "date.event": ("tapahtuma", "event"),
    "date.other": ("muu aika", "other date"),
    "budget.total": ("kokonaisbudjetti", "total budget"),
    "budget.grant": ("avustus", "grant"),
    "budget.applied": ("haettu", "applied for"),
    "budget.own": ("omarahoitus", "own funding"),
    "budget.share": ("osuus", "share"),
    "budget.other": ("muu summa", "other amount"),
    "link.continues": ("jatkaa hanketta", "continues"),
    "link.part_of": ("on osa", "is part of"),
    "scheme.hankekoodi": ("hankekoodi", "project code"),
    "scheme.diaarinumero": ("diaarinumero", "record number"),
    "scheme.y_tunnus": ("Y-tunnus", "business ID"),
    "scheme.url": ("osoite", "address"),
    "scheme.email": ("sähköposti", "e-mail"),
    "scheme.phone": ("puhelin", "telephone"),
    "footer": (
        "Luettu tiedotteista koneellisesti, Hankepoimurilla. Tarkista tärkeä lauseestaan.",
        "Read from announcements by machine, with Hankepoimuri. Check what matters.",
    ),
}


class Words:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._at = LANGUAGES.index(language)

    def __call__(self, key: str, **values: object) -> str:
        """What the pages call it. Raises ``KeyError`` for a key that nobody wrote."""
        return _WORDS[key][self._at].format(**values)

    def number(self, value: float, decimals: int = 0) -> str:
        """A number with its thousands apart."""
        text = f"{value:,.{decimals}f}"
        return text.replace(",", NBSP).replace(".", ",") if self.language == "fi" else text

    def euros(self, value: float | None) -> str:
        """An amount of euros, cents only where there are any."""
        if value is None:
            return ""
        decimals = 0 if abs(value - round(value)) < 0.005 else 2
        number = self.number(value, decimals)
        return f"{number}{NBSP}€" if self.language == "fi" else f"€{number}"

    def short_euros(self, value: float) -> str:
        """An amount in millions or thousands, for a headline."""
        for size, fi, en in ((1e9, "mrd.", "bn"), (1e6, "milj.", "M"), (1e3, "t.", "k")):
            if value >= size:
                number = self.number(value / size, 1 if value < 100 * size else 0)
                return f"{number}{NBSP}{fi}{NBSP}€" if self.language == "fi" else f"€{number}{en}"
        return self.euros(value)

    def percent(self, value: float) -> str:
        """A percentage."""
        number = self.number(value, 0 if value == round(value) else 1)
        return f"{number}{NBSP}%" if self.language == "fi" else f"{number}%"

    def day(self, iso: str | None) -> str:
        """A date as people write it."""
        if not iso:
            return ""
        when = date.fromisoformat(iso)
        if self.language == "fi":
            return f"{when.day}.{when.month}.{when.year}"
        return f"{when.day} {when:%b} {when.year}"

    def period(self, start: str | None, end: str | None) -> str:
        """A period; an open side stays open."""
        if start and start == end:
            return self.day(start)
        return f"{self.day(start)}–{self.day(end)}" if start or end else ""


def all_keys() -> Mapping[str, tuple[str, str]]:
    """Every key with both wordings."""
    return _WORDS
