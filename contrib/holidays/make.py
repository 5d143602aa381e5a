#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes the calendars of public holidays that tidings ships: make.py FOLDER.

One file a region, by rule: days that hold in the whole of it. A fixed date is one event that
repeats by year; a date that moves (with Easter, with a weekday, or because a weekend moves it) is
an event for each year from FIRST to LAST.
"""
import datetime
import os
import sys

FIRST, LAST = 2026, 2040
DAY = datetime.timedelta(days=1)


def date(year, month, day):
    return datetime.date(year, month, day)


def easter(year):
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    l = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 19 * l) // 433
    month = (h + l - 7 * m + 90) // 25
    return date(year, month, (h + l - 7 * m + 33 * month + 19) % 32)


def nth(year, month, weekday, n):
    """The nth such weekday of a month; -1: the last."""
    if n < 0:
        last = date(year + month // 12, month % 12 + 1, 1) - DAY
        return last - DAY * ((last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + DAY * ((weekday - first.weekday()) % 7 + 7 * (n - 1))


def from_easter(days, name):
    return lambda year: [(easter(year) + DAY * days, name)]


def weekday_of(month, weekday, n, name):
    return lambda year: [(nth(year, month, weekday, n), name)]


def observed(month, day, name):
    """In the United States a Saturday moves to the Friday, a Sunday to the Monday."""
    def rule(year):
        at = date(year, month, day)
        move = {5: -1, 6: 1}.get(at.weekday(), 0)
        return [(at + DAY * move, name if move == 0 else name + " (observed)")]
    return rule


def substitutes(days):
    """In England a day on a weekend moves to the next day of work that is free."""
    def rule(year):
        moved, taken = [], set()
        for month, day, name in days:
            at = date(year, month, day)
            if at.weekday() < 5:
                taken.add(at)
        for month, day, name in days:
            at = date(year, month, day)
            if at.weekday() < 5:
                moved.append((at, name))
                continue
            while at.weekday() > 4 or at in taken:
                at += DAY
            taken.add(at)
            moved.append((at, name + " (substitute day)"))
        return moved
    return rule


def kings_day(year):
    at = date(year, 4, 27)
    return [(at - DAY if at.weekday() == 6 else at, "Koningsdag")]


MON, THU = 0, 3
# Fixed dates as (month, day, name); the rest as rules of a year.
REGIONS = {
    "at": ([(1, 1, "Neujahr"), (1, 6, "Heilige Drei Könige"), (5, 1, "Staatsfeiertag"),
            (8, 15, "Mariä Himmelfahrt"), (10, 26, "Nationalfeiertag"), (11, 1, "Allerheiligen"),
            (12, 8, "Mariä Empfängnis"), (12, 25, "Christtag"), (12, 26, "Stefanitag")],
           [from_easter(1, "Ostermontag"), from_easter(39, "Christi Himmelfahrt"),
            from_easter(50, "Pfingstmontag"), from_easter(60, "Fronleichnam")]),
    "be": ([(1, 1, "Nieuwjaar"), (5, 1, "Dag van de Arbeid"), (7, 21, "Nationale feestdag"),
            (8, 15, "O.L.V. Hemelvaart"), (11, 1, "Allerheiligen"), (11, 11, "Wapenstilstand"),
            (12, 25, "Kerstmis")],
           [from_easter(1, "Paasmaandag"), from_easter(39, "O.L.H. Hemelvaart"),
            from_easter(50, "Pinkstermaandag")]),
    "de": ([(1, 1, "Neujahr"), (5, 1, "Tag der Arbeit"), (10, 3, "Tag der Deutschen Einheit"),
            (12, 25, "1. Weihnachtstag"), (12, 26, "2. Weihnachtstag")],
           [from_easter(-2, "Karfreitag"), from_easter(1, "Ostermontag"),
            from_easter(39, "Christi Himmelfahrt"), from_easter(50, "Pfingstmontag")]),
    "es": ([(1, 1, "Año Nuevo"), (1, 6, "Epifanía del Señor"), (5, 1, "Fiesta del Trabajo"),
            (8, 15, "Asunción de la Virgen"), (10, 12, "Fiesta Nacional"),
            (11, 1, "Todos los Santos"), (12, 6, "Día de la Constitución"),
            (12, 8, "Inmaculada Concepción"), (12, 25, "Navidad")],
           [from_easter(-2, "Viernes Santo")]),
    "fr": ([(1, 1, "Jour de l'an"), (5, 1, "Fête du Travail"), (5, 8, "Victoire de 1945"),
            (7, 14, "Fête nationale"), (8, 15, "Assomption"), (11, 1, "Toussaint"),
            (11, 11, "Armistice de 1918"), (12, 25, "Noël")],
           [from_easter(1, "Lundi de Pâques"), from_easter(39, "Ascension"),
            from_easter(50, "Lundi de Pentecôte")]),
    "gb-eng": ([],
               [substitutes([(1, 1, "New Year's Day")]),
                from_easter(-2, "Good Friday"), from_easter(1, "Easter Monday"),
                weekday_of(5, MON, 1, "Early May bank holiday"),
                weekday_of(5, MON, -1, "Spring bank holiday"),
                weekday_of(8, MON, -1, "Summer bank holiday"),
                substitutes([(12, 25, "Christmas Day"), (12, 26, "Boxing Day")])]),
    "it": ([(1, 1, "Capodanno"), (1, 6, "Epifania"), (4, 25, "Festa della Liberazione"),
            (5, 1, "Festa del Lavoro"), (6, 2, "Festa della Repubblica"),
            (8, 15, "Assunzione"), (11, 1, "Ognissanti"), (12, 8, "Immacolata Concezione"),
            (12, 25, "Natale"), (12, 26, "Santo Stefano")],
           [from_easter(1, "Lunedì dell'Angelo")]),
    "nl": ([(1, 1, "Nieuwjaarsdag"), (12, 25, "Eerste kerstdag"), (12, 26, "Tweede kerstdag")],
           [from_easter(1, "Tweede paasdag"), kings_day, from_easter(39, "Hemelvaartsdag"),
            from_easter(50, "Tweede pinksterdag")]),
    "pl": ([(1, 1, "Nowy Rok"), (1, 6, "Trzech Króli"), (5, 1, "Święto Pracy"),
            (5, 3, "Święto Konstytucji 3 Maja"), (8, 15, "Wniebowzięcie NMP"),
            (11, 1, "Wszystkich Świętych"), (11, 11, "Święto Niepodległości"),
            (12, 24, "Wigilia"), (12, 25, "Boże Narodzenie"), (12, 26, "Drugi dzień świąt")],
           [from_easter(1, "Poniedziałek Wielkanocny"), from_easter(60, "Boże Ciało")]),
    "pt": ([(1, 1, "Ano Novo"), (4, 25, "Dia da Liberdade"), (5, 1, "Dia do Trabalhador"),
            (6, 10, "Dia de Portugal"), (8, 15, "Assunção de Nossa Senhora"),
            (10, 5, "Implantação da República"), (11, 1, "Todos os Santos"),
            (12, 1, "Restauração da Independência"), (12, 8, "Imaculada Conceição"),
            (12, 25, "Natal")],
           [from_easter(-2, "Sexta-feira Santa"), from_easter(60, "Corpo de Deus")]),
    "us": ([],
           [observed(1, 1, "New Year's Day"), weekday_of(1, MON, 3, "Martin Luther King Jr. Day"),
            weekday_of(2, MON, 3, "Washington's Birthday"),
            weekday_of(5, MON, -1, "Memorial Day"), observed(6, 19, "Juneteenth"),
            observed(7, 4, "Independence Day"), weekday_of(9, MON, 1, "Labor Day"),
            weekday_of(10, MON, 2, "Columbus Day"), observed(11, 11, "Veterans Day"),
            weekday_of(11, THU, 4, "Thanksgiving Day"), observed(12, 25, "Christmas Day")]),
}


def fold(line):
    """Content lines of at most 75 octets, never cut inside a character (RFC 5545, 3.1)."""
    out, room = b"", 75
    for c in line:
        octets = c.encode()
        if len(octets) > room:
            out += b"\r\n "
            room = 74
        out += octets
        room -= len(octets)
    return out + b"\r\n"


def event(region, at, name, yearly):
    escaped = name.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    lines = ["BEGIN:VEVENT", f"UID:{region}-{at:%Y%m%d}@holidays.tidings",
             "DTSTAMP:20260101T000000Z", f"DTSTART;VALUE=DATE:{at:%Y%m%d}",
             f"SUMMARY:{escaped}", "TRANSP:TRANSPARENT", "END:VEVENT"]
    if yearly:
        lines.insert(4, "RRULE:FREQ=YEARLY")
    return lines


def calendar(region):
    fixed, rules = REGIONS[region]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tidings//public holidays//EN",
             "CALSCALE:GREGORIAN", f"X-WR-CALNAME:Public holidays {region}"]
    for month, day, name in fixed:
        lines += event(region, date(FIRST, month, day), name, True)
    moving = sorted((at, name) for year in range(FIRST, LAST + 1) for rule in rules
                    for at, name in rule(year))
    for at, name in moving:
        lines += event(region, at, name, False)
    return b"".join(fold(line) for line in lines + ["END:VCALENDAR"])


def main():
    for region in REGIONS:
        with open(os.path.join(sys.argv[1], f"{region}.ics"), "wb") as out:
            out.write(calendar(region))


if __name__ == "__main__":
    main()
