/* SPDX-License-Identifier: ISC */
/*
 * when-words: see when-words.h. A time of day without a clock is fixed here: morning 09:00,
 * afternoon 15:00, evening, night and tonight 20:00; midnight is the end of the day it is said of.
 */
#include "config.h"

#include "parsers/when-words.h"

#include <string.h>

#include "parsers/base/civil.h"
#include "parsers/base/utf8.h"
#include "parsers/verb.h"

#define MORNING (9 * 60)
#define COMING 1
#define NOON (12 * 60)
#define AFTERNOON (15 * 60)
#define EVENING (20 * 60)
#define MIDNIGHT (24 * 60)

/* clang-format off */
static const struct when_word everywhere[] = {
    {"d", W_UNIT, UNIT_DAY}, {"h", W_UNIT, UNIT_HOUR}, {"hr", W_UNIT, UNIT_HOUR},
    {"hrs", W_UNIT, UNIT_HOUR}, {"m", W_UNIT, UNIT_MINUTE}, {"min", W_UNIT, UNIT_MINUTE},
    {"mins", W_UNIT, UNIT_MINUTE}, {"s", W_UNIT, UNIT_SECOND}, {"sec", W_UNIT, UNIT_SECOND},
    {"w", W_UNIT, UNIT_WEEK}, {"wk", W_UNIT, UNIT_WEEK}, {"wks", W_UNIT, UNIT_WEEK},
    {"mo", W_UNIT, UNIT_MONTH}, {"y", W_UNIT, UNIT_YEAR}, {"yr", W_UNIT, UNIT_YEAR},
    {"w", W_WEEKNO, 0}, {"kw", W_WEEKNO, 0}, {"t", W_T, 0},
    {"eod", W_EOX, UNIT_DAY}, {"eow", W_EOX, UNIT_WEEK}, {"eom", W_EOX, UNIT_MONTH},
    {"eoq", W_EOX, UNIT_QUARTER}, {"eoy", W_EOX, UNIT_YEAR},
    {"am", W_AM, 0}, {"a.m.", W_AM, 0}, {"a.m", W_AM, 0},
    {"pm", W_PM, 0}, {"p.m.", W_PM, 0}, {"p.m", W_PM, 0},
    {"z", W_OFFSET, 0}, {"utc", W_OFFSET, 0}, {"gmt", W_OFFSET, 0}, {"wet", W_OFFSET, 0},
    {"west", W_OFFSET, 60}, {"cet", W_OFFSET, 60}, {"mez", W_OFFSET, 60},
    {"cest", W_OFFSET, 120}, {"mesz", W_OFFSET, 120}, {"eet", W_OFFSET, 120},
    {"eest", W_OFFSET, 180}, {"msk", W_OFFSET, 180}, {"jst", W_OFFSET, 540},
    {"kst", W_OFFSET, 540}, {"aest", W_OFFSET, 600}, {"aedt", W_OFFSET, 660},
    {"acst", W_OFFSET, 570}, {"acdt", W_OFFSET, 630}, {"awst", W_OFFSET, 480},
    {"nzst", W_OFFSET, 720}, {"nzdt", W_OFFSET, 780}, {"est", W_OFFSET, -300},
    {"edt", W_OFFSET, -240}, {"cdt", W_OFFSET, -300}, {"mst", W_OFFSET, -420},
    {"mdt", W_OFFSET, -360}, {"pst", W_OFFSET, -480}, {"pdt", W_OFFSET, -420},
    {"akst", W_OFFSET, -540}, {"akdt", W_OFFSET, -480}, {"hst", W_OFFSET, -600},
    {"brt", W_OFFSET, -180}, {"sast", W_OFFSET, 120},
    {"ist", W_OFFSET_UNCLEAR, 0}, {"bst", W_OFFSET_UNCLEAR, 0}, {"cst", W_OFFSET_UNCLEAR, 0},
    {"ast", W_OFFSET_UNCLEAR, 0}, {"et", W_OFFSET_UNCLEAR, 0}, {"ct", W_OFFSET_UNCLEAR, 0},
    {"mt", W_OFFSET_UNCLEAR, 0}, {"pt", W_OFFSET_UNCLEAR, 0},
};

static const struct when_word english[] = {
    {"half", W_HALF, 1}, {"half a", W_HALF, 1}, {"half an", W_HALF, 1}, {"a half", W_HALF, 1},
    {"half of an", W_HALF, 1}, {"half of a", W_HALF, 1},
    {"monday", W_WEEKDAY, MONDAY}, {"mon", W_WEEKDAY, MONDAY}, {"mondays", W_WEEKDAY, MONDAY},
    {"tuesday", W_WEEKDAY, TUESDAY}, {"tue", W_WEEKDAY, TUESDAY}, {"tues", W_WEEKDAY, TUESDAY},
    {"wednesday", W_WEEKDAY, WEDNESDAY}, {"wed", W_WEEKDAY, WEDNESDAY},
    {"weds", W_WEEKDAY, WEDNESDAY}, {"thursday", W_WEEKDAY, THURSDAY},
    {"thu", W_WEEKDAY, THURSDAY}, {"thur", W_WEEKDAY, THURSDAY},
    {"thurs", W_WEEKDAY, THURSDAY}, {"friday", W_WEEKDAY, FRIDAY}, {"fri", W_WEEKDAY, FRIDAY},
    {"saturday", W_WEEKDAY, SATURDAY}, {"sat", W_WEEKDAY, SATURDAY},
    {"sunday", W_WEEKDAY, SUNDAY}, {"sun", W_WEEKDAY, SUNDAY},
    {"january", W_MONTH, 1}, {"jan", W_MONTH, 1}, {"february", W_MONTH, 2}, {"feb", W_MONTH, 2},
    {"march", W_MONTH, 3}, {"mar", W_MONTH, 3}, {"april", W_MONTH, 4}, {"apr", W_MONTH, 4},
    {"may", W_MONTH, 5}, {"june", W_MONTH, 6}, {"jun", W_MONTH, 6}, {"july", W_MONTH, 7},
    {"jul", W_MONTH, 7}, {"august", W_MONTH, 8}, {"aug", W_MONTH, 8},
    {"september", W_MONTH, 9}, {"sept", W_MONTH, 9}, {"sep", W_MONTH, 9},
    {"october", W_MONTH, 10}, {"oct", W_MONTH, 10}, {"november", W_MONTH, 11},
    {"nov", W_MONTH, 11}, {"december", W_MONTH, 12}, {"dec", W_MONTH, 12},
    {"today", W_RELDAY, 0}, {"tod", W_RELDAY, 0}, {"tomorrow", W_RELDAY, 1},
    {"tmrw", W_RELDAY, 1}, {"tmr", W_RELDAY, 1}, {"tom", W_RELDAY, 1},
    {"yesterday", W_RELDAY, -1}, {"day after tomorrow", W_RELDAY, 2},
    {"the day after tomorrow", W_RELDAY, 2}, {"day before yesterday", W_RELDAY, -2},
    {"the day before yesterday", W_RELDAY, -2},
    {"second", W_UNIT, UNIT_SECOND}, {"seconds", W_UNIT, UNIT_SECOND},
    {"minute", W_UNIT, UNIT_MINUTE}, {"minutes", W_UNIT, UNIT_MINUTE},
    {"hour", W_UNIT, UNIT_HOUR}, {"hours", W_UNIT, UNIT_HOUR}, {"day", W_UNIT, UNIT_DAY},
    {"days", W_UNIT, UNIT_DAY}, {"week", W_UNIT, UNIT_WEEK}, {"weeks", W_UNIT, UNIT_WEEK},
    {"week", W_WEEKNO, 0}, {"month", W_UNIT, UNIT_MONTH}, {"months", W_UNIT, UNIT_MONTH},
    {"quarter", W_UNIT, UNIT_QUARTER}, {"quarters", W_UNIT, UNIT_QUARTER},
    {"qtr", W_UNIT, UNIT_QUARTER}, {"year", W_UNIT, UNIT_YEAR}, {"years", W_UNIT, UNIT_YEAR},
    {"yrs", W_UNIT, UNIT_YEAR},
    {"a", W_NUMBER, 1}, {"an", W_NUMBER, 1}, {"one", W_NUMBER, 1}, {"two", W_NUMBER, 2},
    {"three", W_NUMBER, 3}, {"four", W_NUMBER, 4}, {"five", W_NUMBER, 5}, {"six", W_NUMBER, 6},
    {"seven", W_NUMBER, 7}, {"eight", W_NUMBER, 8}, {"nine", W_NUMBER, 9},
    {"ten", W_NUMBER, 10}, {"eleven", W_NUMBER, 11}, {"twelve", W_NUMBER, 12},
    {"next", W_NEXT, 0}, {"coming", W_NEXT, COMING}, {"this", W_THIS, 0}, {"last", W_LAST, 0},
    {"past", W_LAST, 0}, {"previous", W_LAST, 0},
    {"in", W_IN, 0}, {"within", W_IN, 0}, {"ago", W_AGO, 0}, {"from now", W_LATER, 0},
    {"later", W_LATER, 0}, {"from today", W_LATER, 0},
    {"end of", W_END_OF, 0}, {"end of the", W_END_OF, 0}, {"the end of", W_END_OF, 0},
    {"the end of the", W_END_OF, 0}, {"end of this", W_END_OF, 0},
    {"morning", W_DAYPART, MORNING}, {"in the morning", W_DAYPART, MORNING},
    {"afternoon", W_DAYPART, AFTERNOON}, {"in the afternoon", W_DAYPART, AFTERNOON},
    {"evening", W_DAYPART, EVENING}, {"in the evening", W_DAYPART, EVENING},
    {"night", W_DAYPART, EVENING}, {"at night", W_DAYPART, EVENING},
    {"tonight", W_TODAYPART, EVENING}, {"tonite", W_TODAYPART, EVENING},
    {"noon", W_CLOCK, NOON}, {"midday", W_CLOCK, NOON}, {"midnight", W_CLOCK, MIDNIGHT},
    {"o'clock", W_OCLOCK, 0}, {"oclock", W_OCLOCK, 0}, {"o clock", W_OCLOCK, 0},
    {"at", W_AT, 0}, {"on", W_ON, 0}, {"the", W_ON, 0}, {"on the", W_ON, 0},
    {"by", W_ON, 0}, {"of", W_OF, 0},
    {"of the", W_OF, 0}, {"to", W_TO, 0}, {"until", W_TO, 0}, {"till", W_TO, 0},
    {"through", W_TO, 0}, {"thru", W_TO, 0}, {"from", W_FROM, 0}, {"and", W_AND, 0},
    {"now", W_NOW, 0},
};

static const struct when_word german[] = {
    {"halb", W_HALF, 1}, {"halbe", W_HALF, 1}, {"halber", W_HALF, 1}, {"halben", W_HALF, 1},
    {"halbes", W_HALF, 1}, {"eine halbe", W_HALF, 1}, {"ein halber", W_HALF, 1},
    {"einen halben", W_HALF, 1}, {"ein halbes", W_HALF, 1}, {"einer halben", W_HALF, 1},
    {"einem halben", W_HALF, 1}, {"anderthalb", W_HALF, 3}, {"eineinhalb", W_HALF, 3},
    {"einundeinhalb", W_HALF, 3}, {"zweieinhalb", W_HALF, 5}, {"dreieinhalb", W_HALF, 7},
    {"zum", W_ON, 0}, {"zur", W_ON, 0},
    {"montag", W_WEEKDAY, MONDAY}, {"mo", W_WEEKDAY, MONDAY}, {"dienstag", W_WEEKDAY, TUESDAY},
    {"di", W_WEEKDAY, TUESDAY}, {"die", W_WEEKDAY, TUESDAY}, {"mittwoch", W_WEEKDAY, WEDNESDAY},
    {"mi", W_WEEKDAY, WEDNESDAY}, {"mit", W_WEEKDAY, WEDNESDAY},
    {"donnerstag", W_WEEKDAY, THURSDAY}, {"do", W_WEEKDAY, THURSDAY},
    {"freitag", W_WEEKDAY, FRIDAY}, {"fr", W_WEEKDAY, FRIDAY}, {"fre", W_WEEKDAY, FRIDAY},
    {"samstag", W_WEEKDAY, SATURDAY}, {"sonnabend", W_WEEKDAY, SATURDAY},
    {"sa", W_WEEKDAY, SATURDAY}, {"sonntag", W_WEEKDAY, SUNDAY}, {"so", W_WEEKDAY, SUNDAY},
    {"januar", W_MONTH, 1}, {"janner", W_MONTH, 1}, {"jaenner", W_MONTH, 1},
    {"februar", W_MONTH, 2}, {"feber", W_MONTH, 2}, {"marz", W_MONTH, 3},
    {"maerz", W_MONTH, 3}, {"mrz", W_MONTH, 3}, {"mai", W_MONTH, 5}, {"juni", W_MONTH, 6},
    {"juli", W_MONTH, 7}, {"oktober", W_MONTH, 10}, {"okt", W_MONTH, 10},
    {"dezember", W_MONTH, 12}, {"dez", W_MONTH, 12},
    {"heute", W_RELDAY, 0}, {"morgen", W_RELDAY, 1}, {"ubermorgen", W_RELDAY, 2},
    {"uebermorgen", W_RELDAY, 2}, {"gestern", W_RELDAY, -1}, {"vorgestern", W_RELDAY, -2},
    {"sekunde", W_UNIT, UNIT_SECOND}, {"sekunden", W_UNIT, UNIT_SECOND},
    {"minuten", W_UNIT, UNIT_MINUTE}, {"stunde", W_UNIT, UNIT_HOUR},
    {"stunden", W_UNIT, UNIT_HOUR}, {"std", W_UNIT, UNIT_HOUR}, {"tag", W_UNIT, UNIT_DAY},
    {"tage", W_UNIT, UNIT_DAY}, {"tagen", W_UNIT, UNIT_DAY}, {"woche", W_UNIT, UNIT_WEEK},
    {"wochen", W_UNIT, UNIT_WEEK}, {"woche", W_WEEKNO, 0}, {"kalenderwoche", W_WEEKNO, 0},
    {"monat", W_UNIT, UNIT_MONTH}, {"monate", W_UNIT, UNIT_MONTH},
    {"monaten", W_UNIT, UNIT_MONTH}, {"monats", W_UNIT, UNIT_MONTH},
    {"quartal", W_UNIT, UNIT_QUARTER}, {"quartals", W_UNIT, UNIT_QUARTER},
    {"jahr", W_UNIT, UNIT_YEAR}, {"jahre", W_UNIT, UNIT_YEAR}, {"jahren", W_UNIT, UNIT_YEAR},
    {"jahres", W_UNIT, UNIT_YEAR}, {"ein", W_NUMBER, 1}, {"eine", W_NUMBER, 1},
    {"einem", W_NUMBER, 1}, {"einer", W_NUMBER, 1}, {"zwei", W_NUMBER, 2},
    {"drei", W_NUMBER, 3}, {"vier", W_NUMBER, 4}, {"funf", W_NUMBER, 5},
    {"fuenf", W_NUMBER, 5}, {"sechs", W_NUMBER, 6}, {"sieben", W_NUMBER, 7},
    {"acht", W_NUMBER, 8}, {"neun", W_NUMBER, 9}, {"zehn", W_NUMBER, 10},
    {"nachster", W_NEXT, 0}, {"nachsten", W_NEXT, 0}, {"nachste", W_NEXT, 0},
    {"nachstes", W_NEXT, 0}, {"naechsten", W_NEXT, 0}, {"naechster", W_NEXT, 0},
    {"naechste", W_NEXT, 0}, {"naechstes", W_NEXT, 0}, {"kommenden", W_NEXT, COMING},
    {"kommende", W_NEXT, COMING}, {"kommender", W_NEXT, COMING}, {"diesen", W_THIS, 0},
    {"diese", W_THIS, 0}, {"dieser", W_THIS, 0}, {"dieses", W_THIS, 0}, {"letzten", W_LAST, 0},
    {"letzte", W_LAST, 0}, {"letzter", W_LAST, 0}, {"letztes", W_LAST, 0},
    {"vergangenen", W_LAST, 0}, {"vorigen", W_LAST, 0}, {"vorige", W_LAST, 0},
    {"innerhalb von", W_IN, 0}, {"vor", W_AGO_BEFORE, 0}, {"ende", W_END_OF, 0},
    {"ende der", W_END_OF, 0}, {"ende des", W_END_OF, 0}, {"ende dieser", W_END_OF, 0},
    {"ende dieses", W_END_OF, 0}, {"wochenende", 0, 0},
    {"monatsende", W_EOX, UNIT_MONTH}, {"jahresende", W_EOX, UNIT_YEAR},
    {"quartalsende", W_EOX, UNIT_QUARTER},
    {"heute morgen", W_TODAYPART, MORNING},
    {"fruh", W_DAYPART, MORNING}, {"frueh", W_DAYPART, MORNING},
    {"vormittag", W_DAYPART, MORNING}, {"am vormittag", W_DAYPART, MORNING},
    {"morgens", W_DAYPART, MORNING}, {"am morgen", W_DAYPART, MORNING},
    {"nachmittag", W_DAYPART, AFTERNOON}, {"am nachmittag", W_DAYPART, AFTERNOON},
    {"nachmittags", W_DAYPART, AFTERNOON}, {"abend", W_DAYPART, EVENING},
    {"abends", W_DAYPART, EVENING}, {"am abend", W_DAYPART, EVENING},
    {"nacht", W_DAYPART, EVENING}, {"mittag", W_CLOCK, NOON}, {"mittags", W_CLOCK, NOON},
    {"mitternacht", W_CLOCK, MIDNIGHT}, {"uhr", W_OCLOCK, 0}, {"um", W_AT, 0},
    {"gegen", W_AT, 0}, {"am", W_ON, 0}, {"den", W_ON, 0}, {"der", W_OF, 0}, {"dem", W_ON, 0},
    {"des", W_OF, 0}, {"bis", W_TO, 0}, {"bis zum", W_TO, 0}, {"von", W_FROM, 0},
    {"vom", W_FROM, 0}, {"ab", W_FROM, 0}, {"und", W_AND, 0}, {"jetzt", W_NOW, 0},
};

static const struct when_word french[] = {
    {"demi", W_HALF, 1}, {"demie", W_HALF, 1}, {"une demi", W_HALF, 1}, {"un demi", W_HALF, 1},
    {"journee", W_UNIT, UNIT_DAY}, {"jusqu'a", W_TO, 0}, {"jusqu'a la", W_TO, 0},
    {"lundi", W_WEEKDAY, MONDAY}, {"lun", W_WEEKDAY, MONDAY}, {"mardi", W_WEEKDAY, TUESDAY},
    {"mar", W_WEEKDAY, TUESDAY}, {"mercredi", W_WEEKDAY, WEDNESDAY},
    {"mer", W_WEEKDAY, WEDNESDAY}, {"jeudi", W_WEEKDAY, THURSDAY}, {"jeu", W_WEEKDAY, THURSDAY},
    {"vendredi", W_WEEKDAY, FRIDAY}, {"ven", W_WEEKDAY, FRIDAY},
    {"samedi", W_WEEKDAY, SATURDAY}, {"sam", W_WEEKDAY, SATURDAY},
    {"dimanche", W_WEEKDAY, SUNDAY}, {"dim", W_WEEKDAY, SUNDAY},
    {"janvier", W_MONTH, 1}, {"janv", W_MONTH, 1}, {"fevrier", W_MONTH, 2},
    {"fevr", W_MONTH, 2}, {"fev", W_MONTH, 2}, {"mars", W_MONTH, 3}, {"avril", W_MONTH, 4},
    {"avr", W_MONTH, 4}, {"juin", W_MONTH, 6}, {"juillet", W_MONTH, 7}, {"juil", W_MONTH, 7},
    {"aout", W_MONTH, 8}, {"septembre", W_MONTH, 9}, {"octobre", W_MONTH, 10},
    {"novembre", W_MONTH, 11}, {"decembre", W_MONTH, 12},
    {"aujourd'hui", W_RELDAY, 0}, {"demain", W_RELDAY, 1}, {"apres-demain", W_RELDAY, 2},
    {"apres demain", W_RELDAY, 2}, {"hier", W_RELDAY, -1}, {"avant-hier", W_RELDAY, -2},
    {"seconde", W_UNIT, UNIT_SECOND}, {"secondes", W_UNIT, UNIT_SECOND},
    {"heure", W_UNIT, UNIT_HOUR}, {"heures", W_UNIT, UNIT_HOUR}, {"j", W_UNIT, UNIT_DAY},
    {"jour", W_UNIT, UNIT_DAY}, {"jours", W_UNIT, UNIT_DAY}, {"sem", W_UNIT, UNIT_WEEK},
    {"semaine", W_UNIT, UNIT_WEEK}, {"semaines", W_UNIT, UNIT_WEEK}, {"semaine", W_WEEKNO, 0},
    {"mois", W_UNIT, UNIT_MONTH}, {"trimestre", W_UNIT, UNIT_QUARTER},
    {"annee", W_UNIT, UNIT_YEAR}, {"an", W_UNIT, UNIT_YEAR}, {"ans", W_UNIT, UNIT_YEAR},
    {"annees", W_UNIT, UNIT_YEAR}, {"un", W_NUMBER, 1}, {"une", W_NUMBER, 1},
    {"deux", W_NUMBER, 2}, {"trois", W_NUMBER, 3}, {"quatre", W_NUMBER, 4},
    {"cinq", W_NUMBER, 5}, {"sept", W_NUMBER, 7}, {"huit", W_NUMBER, 8}, {"neuf", W_NUMBER, 9},
    {"dix", W_NUMBER, 10}, {"prochain", W_NEXT, 0}, {"prochaine", W_NEXT, 0},
    {"ce", W_THIS, 0}, {"cet", W_THIS, 0}, {"cette", W_THIS, 0}, {"dernier", W_LAST, 0},
    {"derniere", W_LAST, 0}, {"passe", W_LAST, 0}, {"passee", W_LAST, 0}, {"dans", W_IN, 0},
    {"d'ici", W_IN, 0}, {"il y a", W_AGO_BEFORE, 0}, {"fin", W_END_OF, 0},
    {"fin de", W_END_OF, 0}, {"fin de la", W_END_OF, 0}, {"la fin de la", W_END_OF, 0},
    {"fin du", W_END_OF, 0}, {"la fin du", W_END_OF, 0}, {"fin de l'", W_END_OF, 0},
    {"la fin de l'", W_END_OF, 0}, {"fin d'", W_END_OF, 0},
    {"matin", W_DAYPART, MORNING}, {"le matin", W_DAYPART, MORNING},
    {"apres-midi", W_DAYPART, AFTERNOON}, {"apres midi", W_DAYPART, AFTERNOON},
    {"l'apres-midi", W_DAYPART, AFTERNOON}, {"soir", W_DAYPART, EVENING},
    {"le soir", W_DAYPART, EVENING}, {"au soir", W_DAYPART, EVENING},
    {"nuit", W_DAYPART, EVENING}, {"midi", W_CLOCK, NOON}, {"minuit", W_CLOCK, MIDNIGHT},
    {"a", W_AT, 0}, {"vers", W_AT, 0}, {"le", W_ON, 0}, {"la", W_ON, 0}, {"de la", W_OF, 0},
    {"du", W_OF, 0}, {"au", W_TO, 0}, {"jusqu'au", W_TO, 0}, {"a", W_TO, 0}, {"du", W_FROM, 0},
    {"de", W_FROM, 0}, {"et", W_AND, 0}, {"maintenant", W_NOW, 0},
};

static const struct when_word spanish[] = {
    {"media", W_HALF, 1}, {"medio", W_HALF, 1}, {"una media", W_HALF, 1},
    {"un medio", W_HALF, 1},
    {"lunes", W_WEEKDAY, MONDAY}, {"lu", W_WEEKDAY, MONDAY}, {"martes", W_WEEKDAY, TUESDAY},
    {"miercoles", W_WEEKDAY, WEDNESDAY}, {"mie", W_WEEKDAY, WEDNESDAY},
    {"jueves", W_WEEKDAY, THURSDAY}, {"jue", W_WEEKDAY, THURSDAY},
    {"viernes", W_WEEKDAY, FRIDAY}, {"vie", W_WEEKDAY, FRIDAY}, {"sabado", W_WEEKDAY, SATURDAY},
    {"sab", W_WEEKDAY, SATURDAY}, {"domingo", W_WEEKDAY, SUNDAY}, {"dom", W_WEEKDAY, SUNDAY},
    {"enero", W_MONTH, 1}, {"ene", W_MONTH, 1}, {"febrero", W_MONTH, 2}, {"marzo", W_MONTH, 3},
    {"abril", W_MONTH, 4}, {"abr", W_MONTH, 4}, {"mayo", W_MONTH, 5}, {"junio", W_MONTH, 6},
    {"julio", W_MONTH, 7}, {"agosto", W_MONTH, 8}, {"ago", W_MONTH, 8},
    {"septiembre", W_MONTH, 9}, {"setiembre", W_MONTH, 9}, {"set", W_MONTH, 9},
    {"octubre", W_MONTH, 10}, {"noviembre", W_MONTH, 11}, {"diciembre", W_MONTH, 12},
    {"dic", W_MONTH, 12}, {"hoy", W_RELDAY, 0}, {"manana", W_RELDAY, 1},
    {"pasado manana", W_RELDAY, 2}, {"ayer", W_RELDAY, -1}, {"anteayer", W_RELDAY, -2},
    {"antes de ayer", W_RELDAY, -2}, {"segundos", W_UNIT, UNIT_SECOND},
    {"minuto", W_UNIT, UNIT_MINUTE}, {"minutos", W_UNIT, UNIT_MINUTE},
    {"hora", W_UNIT, UNIT_HOUR}, {"horas", W_UNIT, UNIT_HOUR}, {"dia", W_UNIT, UNIT_DAY},
    {"dias", W_UNIT, UNIT_DAY}, {"semana", W_UNIT, UNIT_WEEK}, {"semanas", W_UNIT, UNIT_WEEK},
    {"semana", W_WEEKNO, 0}, {"mes", W_UNIT, UNIT_MONTH}, {"meses", W_UNIT, UNIT_MONTH},
    {"ano", W_UNIT, UNIT_YEAR}, {"anos", W_UNIT, UNIT_YEAR}, {"una", W_NUMBER, 1},
    {"dos", W_NUMBER, 2}, {"tres", W_NUMBER, 3}, {"cuatro", W_NUMBER, 4},
    {"cinco", W_NUMBER, 5}, {"seis", W_NUMBER, 6}, {"siete", W_NUMBER, 7},
    {"ocho", W_NUMBER, 8}, {"nueve", W_NUMBER, 9}, {"diez", W_NUMBER, 10},
    {"proximo", W_NEXT, 0}, {"proxima", W_NEXT, 0}, {"que viene", W_NEXT, 0},
    {"este", W_THIS, 0}, {"esta", W_THIS, 0}, {"pasado", W_LAST, 0}, {"pasada", W_LAST, 0},
    {"ultimo", W_LAST, 0}, {"ultima", W_LAST, 0}, {"en", W_IN, 0}, {"dentro de", W_IN, 0},
    {"hace", W_AGO_BEFORE, 0}, {"fin de semana", 0, 0}, {"fin de mes", W_EOX, UNIT_MONTH},
    {"a fin de mes", W_EOX, UNIT_MONTH}, {"final de", W_END_OF, 0}, {"fin del", W_END_OF, 0},
    {"final de la", W_END_OF, 0}, {"final del", W_END_OF, 0}, {"finales de", W_END_OF, 0},
    {"por la manana", W_DAYPART, MORNING}, {"de la manana", W_DAYPART, MORNING},
    {"por la tarde", W_DAYPART, AFTERNOON}, {"de la tarde", W_DAYPART, AFTERNOON},
    {"tarde", W_DAYPART, AFTERNOON}, {"por la noche", W_DAYPART, EVENING},
    {"de la noche", W_DAYPART, EVENING}, {"noche", W_DAYPART, EVENING},
    {"mediodia", W_CLOCK, NOON}, {"al mediodia", W_CLOCK, NOON},
    {"medianoche", W_CLOCK, MIDNIGHT}, {"a las", W_AT, 0}, {"a la", W_AT, 0}, {"las", W_AT, 0},
    {"el", W_ON, 0}, {"al", W_TO, 0}, {"hasta", W_TO, 0}, {"hasta el", W_TO, 0},
    {"del", W_FROM, 0}, {"desde", W_FROM, 0}, {"desde el", W_FROM, 0}, {"de", W_OF, 0},
    {"del", W_OF, 0}, {"y", W_AND, 0}, {"ahora", W_NOW, 0},
};

static const struct when_word portuguese[] = {
    {"meia", W_HALF, 1}, {"meio", W_HALF, 1}, {"uma meia", W_HALF, 1}, {"um meio", W_HALF, 1},
    {"ate o", W_TO, 0}, {"o", W_ON, 0},
    {"segunda-feira", W_WEEKDAY, MONDAY}, {"segunda feira", W_WEEKDAY, MONDAY},
    {"segunda", W_WEEKDAY, MONDAY}, {"seg", W_WEEKDAY, MONDAY},
    {"terca-feira", W_WEEKDAY, TUESDAY}, {"terca feira", W_WEEKDAY, TUESDAY},
    {"terca", W_WEEKDAY, TUESDAY}, {"ter", W_WEEKDAY, TUESDAY},
    {"quarta-feira", W_WEEKDAY, WEDNESDAY}, {"quarta feira", W_WEEKDAY, WEDNESDAY},
    {"quarta", W_WEEKDAY, WEDNESDAY}, {"qua", W_WEEKDAY, WEDNESDAY},
    {"quinta-feira", W_WEEKDAY, THURSDAY}, {"quinta feira", W_WEEKDAY, THURSDAY},
    {"quinta", W_WEEKDAY, THURSDAY}, {"qui", W_WEEKDAY, THURSDAY},
    {"sexta-feira", W_WEEKDAY, FRIDAY}, {"sexta feira", W_WEEKDAY, FRIDAY},
    {"sexta", W_WEEKDAY, FRIDAY}, {"sex", W_WEEKDAY, FRIDAY},
    {"janeiro", W_MONTH, 1}, {"fevereiro", W_MONTH, 2}, {"marco", W_MONTH, 3},
    {"maio", W_MONTH, 5}, {"junho", W_MONTH, 6}, {"julho", W_MONTH, 7},
    {"setembro", W_MONTH, 9}, {"outubro", W_MONTH, 10}, {"out", W_MONTH, 10},
    {"novembro", W_MONTH, 11}, {"dezembro", W_MONTH, 12}, {"hoje", W_RELDAY, 0},
    {"amanha", W_RELDAY, 1}, {"depois de amanha", W_RELDAY, 2}, {"ontem", W_RELDAY, -1},
    {"anteontem", W_RELDAY, -2}, {"um", W_NUMBER, 1}, {"uma", W_NUMBER, 1},
    {"dois", W_NUMBER, 2}, {"duas", W_NUMBER, 2}, {"quatro", W_NUMBER, 4},
    {"sete", W_NUMBER, 7}, {"oito", W_NUMBER, 8}, {"nove", W_NUMBER, 9}, {"dez", W_NUMBER, 10},
    {"que vem", W_NEXT, 0}, {"passado", W_LAST, 0}, {"passada", W_LAST, 0},
    {"nesta", W_THIS, 0}, {"neste", W_THIS, 0}, {"em", W_IN, 0}, {"daqui a", W_IN, 0},
    {"ha", W_AGO_BEFORE, 0}, {"atras", W_AGO, 0}, {"fim de semana", 0, 0},
    {"fim de", W_END_OF, 0}, {"fim da", W_END_OF, 0}, {"fim do", W_END_OF, 0},
    {"final da", W_END_OF, 0}, {"final do", W_END_OF, 0},
    {"de manha", W_DAYPART, MORNING}, {"pela manha", W_DAYPART, MORNING},
    {"manha", W_DAYPART, MORNING}, {"da manha", W_DAYPART, MORNING},
    {"a tarde", W_DAYPART, AFTERNOON}, {"de tarde", W_DAYPART, AFTERNOON},
    {"da tarde", W_DAYPART, AFTERNOON}, {"a noite", W_DAYPART, EVENING},
    {"de noite", W_DAYPART, EVENING}, {"da noite", W_DAYPART, EVENING},
    {"noite", W_DAYPART, EVENING}, {"meio-dia", W_CLOCK, NOON}, {"meio dia", W_CLOCK, NOON},
    {"ao meio-dia", W_CLOCK, NOON}, {"meia-noite", W_CLOCK, MIDNIGHT},
    {"meia noite", W_CLOCK, MIDNIGHT}, {"as", W_AT, 0}, {"em", W_ON, 0}, {"na", W_ON, 0},
    {"no", W_ON, 0}, {"no dia", W_ON, 0}, {"dia", W_ON, 0}, {"da", W_OF, 0}, {"do", W_OF, 0},
    {"ate", W_TO, 0}, {"ate a", W_TO, 0}, {"ao", W_TO, 0}, {"das", W_FROM, 0},
    {"e", W_AND, 0}, {"agora", W_NOW, 0},
};

static const struct when_word dutch[] = {
    {"half", W_HALF, 1}, {"halve", W_HALF, 1}, {"een half", W_HALF, 1},
    {"een halve", W_HALF, 1}, {"anderhalf", W_HALF, 3}, {"anderhalve", W_HALF, 3},
    {"tweeenhalf", W_HALF, 5},
    {"maandag", W_WEEKDAY, MONDAY}, {"ma", W_WEEKDAY, MONDAY}, {"maa", W_WEEKDAY, MONDAY},
    {"dinsdag", W_WEEKDAY, TUESDAY}, {"din", W_WEEKDAY, TUESDAY},
    {"woensdag", W_WEEKDAY, WEDNESDAY}, {"wo", W_WEEKDAY, WEDNESDAY},
    {"woe", W_WEEKDAY, WEDNESDAY}, {"donderdag", W_WEEKDAY, THURSDAY},
    {"don", W_WEEKDAY, THURSDAY}, {"vrijdag", W_WEEKDAY, FRIDAY}, {"vr", W_WEEKDAY, FRIDAY},
    {"vrij", W_WEEKDAY, FRIDAY}, {"vri", W_WEEKDAY, FRIDAY}, {"zaterdag", W_WEEKDAY, SATURDAY},
    {"za", W_WEEKDAY, SATURDAY}, {"zat", W_WEEKDAY, SATURDAY}, {"zondag", W_WEEKDAY, SUNDAY},
    {"zo", W_WEEKDAY, SUNDAY}, {"zon", W_WEEKDAY, SUNDAY},
    {"januari", W_MONTH, 1}, {"februari", W_MONTH, 2}, {"maart", W_MONTH, 3},
    {"mrt", W_MONTH, 3}, {"mei", W_MONTH, 5}, {"augustus", W_MONTH, 8}, {"vandaag", W_RELDAY, 0},
    {"overmorgen", W_RELDAY, 2}, {"gisteren", W_RELDAY, -1}, {"eergisteren", W_RELDAY, -2},
    {"minuut", W_UNIT, UNIT_MINUTE}, {"u", W_UNIT, UNIT_HOUR}, {"uur", W_UNIT, UNIT_HOUR},
    {"uren", W_UNIT, UNIT_HOUR}, {"dag", W_UNIT, UNIT_DAY}, {"dagen", W_UNIT, UNIT_DAY},
    {"weken", W_UNIT, UNIT_WEEK}, {"maand", W_UNIT, UNIT_MONTH},
    {"maanden", W_UNIT, UNIT_MONTH}, {"kwartaal", W_UNIT, UNIT_QUARTER},
    {"jaar", W_UNIT, UNIT_YEAR}, {"jaren", W_UNIT, UNIT_YEAR}, {"een", W_NUMBER, 1},
    {"twee", W_NUMBER, 2}, {"drie", W_NUMBER, 3}, {"vijf", W_NUMBER, 5}, {"zes", W_NUMBER, 6},
    {"zeven", W_NUMBER, 7}, {"negen", W_NUMBER, 9}, {"tien", W_NUMBER, 10},
    {"volgende", W_NEXT, 0}, {"volgend", W_NEXT, 0}, {"komende", W_NEXT, 0},
    {"aanstaande", W_NEXT, COMING}, {"deze", W_THIS, 0}, {"dit", W_THIS, 0}, {"vorige", W_LAST, 0},
    {"vorig", W_LAST, 0}, {"afgelopen", W_LAST, 0}, {"laatste", W_LAST, 0},
    {"binnen", W_IN, 0}, {"over", W_IN, 0}, {"geleden", W_AGO, 0}, {"eind", W_END_OF, 0},
    {"eind van", W_END_OF, 0}, {"einde", W_END_OF, 0}, {"eind van de", W_END_OF, 0},
    {"einde van de", W_END_OF, 0}, {"eind van het", W_END_OF, 0},
    {"einde van het", W_END_OF, 0}, {"eind van deze", W_END_OF, 0},
    {"ochtend", W_DAYPART, MORNING}, {"'s ochtends", W_DAYPART, MORNING},
    {"morgenochtend", W_TODAYPART, MIDNIGHT + MORNING},
    {"morgenmiddag", W_TODAYPART, MIDNIGHT + AFTERNOON},
    {"morgenavond", W_TODAYPART, MIDNIGHT + EVENING}, {"middag", W_DAYPART, AFTERNOON},
    {"middag", W_CLOCK, NOON},
    {"'s middags", W_DAYPART, AFTERNOON}, {"avond", W_DAYPART, EVENING},
    {"'s avonds", W_DAYPART, EVENING}, {"vanochtend", W_TODAYPART, MORNING},
    {"vanmorgen", W_TODAYPART, MORNING}, {"vanmiddag", W_TODAYPART, AFTERNOON},
    {"vanavond", W_TODAYPART, EVENING}, {"vannacht", W_TODAYPART, EVENING},
    {"middernacht", W_CLOCK, MIDNIGHT}, {"uur", W_OCLOCK, 0}, {"om", W_AT, 0}, {"op", W_ON, 0},
    {"de", W_ON, 0}, {"van", W_OF, 0}, {"van de", W_OF, 0}, {"tot", W_TO, 0},
    {"tot en met", W_TO, 0}, {"t/m", W_TO, 0}, {"van", W_FROM, 0}, {"vanaf", W_FROM, 0},
    {"en", W_AND, 0}, {"nu", W_NOW, 0},
};

/* clang-format on */
static const struct {
	const struct when_word *words;
	size_t count;
} languages[] = {
    {everywhere, sizeof everywhere / sizeof *everywhere},
    {english, sizeof english / sizeof *english},
    {german, sizeof german / sizeof *german},
    {french, sizeof french / sizeof *french},
    {spanish, sizeof spanish / sizeof *spanish},
    {portuguese, sizeof portuguese / sizeof *portuguese},
    {dutch, sizeof dutch / sizeof *dutch},
};

size_t
when_word_senses(struct span word, struct when_word *senses, size_t max)
{
	size_t n = 0;

	for (size_t l = 0; l < sizeof languages / sizeof *languages; l++)
		for (size_t i = 0; i < languages[l].count && n < max; i++)
			if (languages[l].words[i].kind != 0 &&
			    span_is(word, languages[l].words[i].text))
				senses[n++] = languages[l].words[i];
	return n;
}

static bool
ends_word(struct span text, size_t at)
{
	return at >= text.len || text.ptr[at - 1] == '\'' ||
	       !((text.ptr[at] >= 'a' && text.ptr[at] <= 'z') ||
		   (unsigned char)text.ptr[at] >= 0x80);
}

size_t
when_phrase(struct span text)
{
	size_t longest = 0;

	for (size_t l = 0; l < sizeof languages / sizeof *languages; l++)
		for (size_t i = 0; i < languages[l].count; i++) {
			const struct when_word *w = &languages[l].words[i];
			size_t len;

			if (text.len == 0 || w->text[0] != text.ptr[0])
				continue;
			len = strlen(w->text);
			if (len > longest && len <= text.len &&
			    memcmp(w->text, text.ptr, len) == 0 && ends_word(text, len))
				longest = len;
		}
	return longest;
}

const char *
when_word_near(struct arena *arena, struct span word)
{
	struct span folded = span_of(utf8_fold(arena, span_trim(word)));
	const char *found = NULL;
	unsigned best = 3;

	if (folded.len < 4 || folded.len > 20)
		return NULL;
	for (size_t l = 0; l < sizeof languages / sizeof *languages; l++)
		for (size_t i = 0; i < languages[l].count; i++) {
			const struct when_word *w = &languages[l].words[i];
			unsigned distance;

			if ((w->kind != W_WEEKDAY && w->kind != W_RELDAY) || strlen(w->text) < 4 ||
			    *w->text != *folded.ptr)
				continue;
			distance = verb_distance(folded, span_of(w->text), 2);
			if (distance < best) {
				best = distance;
				found = w->text;
			}
		}
	return best > 0 ? found : NULL;
}
