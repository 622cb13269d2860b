//! Claims as a table, and Evidence: the words that they were read from.

use ratatui::layout::Rect;

use super::super::Scene;
use super::super::board::{split_columns, split_rows};
use super::super::canvas::{Canvas, Column, Line, column, flexible, lay_out, span};
use super::super::deals::leg_token;
use super::super::text::{self, Align};
use super::super::theme::Token;
use crate::app::drill::{
    ClaimView, DealPage, figures, kind_word, says, says_the_same, slot_name, slot_range,
};
use crate::app::format::Bounds;
use crate::app::nav::List;
use crate::domain::claim::{Claim, Modality, Slot};

const COLUMNS: [Column; 7] = [
    column("DATE", 10, Align::Left, 0),
    column("LEG", 6, Align::Left, 1),
    column("SAYS", 14, Align::Left, 0),
    flexible("FIGURES, WORDS", 14, 400, 0),
    column("SRC", 3, Align::Left, 0),
    flexible("INFORMANT", 12, 24, 4),
    column("STATE", 10, Align::Left, 3),
];

/// Columns from which the words stand beside the list.
const BESIDE: u16 = 130;
/// Columns from which the two sides of a conflict stand beside each other.
const TWO_SIDES: u16 = 100;

/// Claims as a table. Figures on which sources disagree stand together above it; below it the claim under
/// the cursor, and beside that the one that contradicts it.
pub(super) fn claims(canvas: &mut Canvas<'_>, scene: Scene<'_>, page: &DealPage, area: Rect) {
    let state = scene.state;
    let title = [span("Claims ", Token::Strong), span(page.claims.len().to_string(), Token::Dim)];
    let (list, below) = split_rows(area, area.height.saturating_sub(if area.height > 18 { 8 } else { 0 }));
    let inside = canvas.frame(list, &title, "newest first; enter: the words", true);
    if page.claims.is_empty() {
        canvas
            .paragraph(inside, &[span("Nobody had said anything about this deal by this day.", Token::Dim)]);
        return;
    }
    let inside = conflicts(canvas, scene, page, inside);
    // The words take what the informant's name leaves, and not the other way round.
    let mut columns = COLUMNS;
    let longest = page.claims.iter().map(|view| text::width(&state.informant(&view.claim.origin))).max();
    columns[5].width = (longest.unwrap_or(0) as u16).min(inside.width / 5 + 4).max(columns[5].width);
    columns[5].most = columns[5].width;
    let places = lay_out(&columns, inside.width.saturating_sub(1));
    let (head, body) = split_rows(inside, u16::from(inside.height > 1));
    canvas.headings(Rect { x: head.x + 1, ..head }, &columns, &places);
    let index = state.cursor(List::Claims);
    canvas.list(List::Claims, body, (index, page.claims.len()), true, |canvas, line, place| {
        let Some(view) = page.claims.get(place) else { return };
        let claim = &view.claim;
        let mut cell = |at: usize, content: &str, token: Token| {
            if let Some(Some((offset, width))) = places.get(at) {
                canvas.cell(line.x + offset, line.y, *width, content, columns[at].align, token);
            }
        };
        let token = if view.novel { Token::Text } else { Token::Dim };
        cell(0, &claim.published.to_string(), Token::Dim);
        cell(1, view.leg.word(), leg_token(view.leg));
        cell(2, &says(claim), token);
        cell(4, &view.code.to_string(), Token::Strong);
        cell(5, &state.informant(&claim.origin), Token::Dim);
        let (word, standing) = standing(page, view);
        cell(6, &word, standing);
        if let Some(Some((offset, width))) = places.get(3) {
            let figures = figures(claim);
            let gap = if figures.is_empty() { "" } else { "  " };
            let pieces =
                [span(figures, Token::Accent), span(gap, Token::Dim), span(claim.words.as_str(), token)];
            canvas.line(line.x + offset, line.y, *width, &pieces);
        }
    });
    canvas.fold(list, List::Claims, page.claims.len());
    let Some(view) = page.claims.get(index).filter(|_| !below.is_empty()) else { return };
    match contradicted_by(page, view) {
        Some(other) if below.width >= TWO_SIDES => {
            let (left, right) = split_columns(below, below.width / 2);
            detail(canvas, scene, page, view, left);
            detail(canvas, scene, page, other, right);
        }
        _ => detail(canvas, scene, page, view, below),
    }
}

/// Figures on which sources disagree: `a)` is the one that is used, then each other one. Returns what is
/// left of the area, which is at least two thirds of it.
fn conflicts(canvas: &mut Canvas<'_>, scene: Scene<'_>, page: &DealPage, area: Rect) -> Rect {
    let most = area.height / 3;
    let mut used = 0;
    for conflict in &page.status.conflicts {
        let about = format!(" {} {} ", conflict.leg.word(), slot_name(conflict.slot));
        let held = page.claims.iter().find(|view| conflict.held_by.contains(&view.claim.id));
        let mut sides = vec![side(scene, "a) ", conflict.slot, conflict.held, held, " is used")];
        for (letter, (value, claim)) in ('b'..='z').zip(&conflict.others) {
            sides.push(side(scene, &format!("{letter}) "), conflict.slot, *value, page.claim(claim), ""));
        }
        let mut line: Line<'_> = vec![span(" CONFLICT", Token::Warn), span(about, Token::Strong)];
        let together: usize = sides.iter().map(|side| canvas.measure(side) + 2).sum();
        let lines = if canvas.measure(&line) + together <= usize::from(area.width) {
            line.extend(sides.into_iter().flat_map(|side| side.into_iter().chain([span("  ", Token::Dim)])));
            vec![line]
        } else {
            let indented = |side: Line<'static>| {
                let mut line = vec![span("   ", Token::Dim)];
                line.extend(side);
                line
            };
            std::iter::once(line).chain(sides.into_iter().map(indented)).collect()
        };
        if used + lines.len() as u16 > most {
            break;
        }
        for line in lines {
            canvas.line(area.x, area.y + used, area.width, &line);
            used += 1;
        }
    }
    Rect { y: area.y + used, height: area.height - used, ..area }
}

/// One side of a conflict: the figure, who says so and since when.
fn side(
    scene: Scene<'_>,
    letter: &str,
    slot: Slot,
    value: Bounds,
    view: Option<&ClaimView>,
    mark: &str,
) -> Line<'static> {
    let who = view.map_or_else(String::new, |view| {
        let claim = &view.claim;
        format!(" {} {} {}", view.code, scene.state.informant(&claim.origin), claim.published)
    });
    vec![
        span(letter.to_owned(), Token::Warn),
        span(format!("{}{mark}", slot_range(slot, value)), Token::Accent),
        span(who, Token::Text),
    ]
}

/// The claim on the other side of a conflict.
fn contradicted_by<'a>(page: &'a DealPage, view: &ClaimView) -> Option<&'a ClaimView> {
    let id = &view.claim.id;
    page.status.conflicts.iter().find_map(|conflict| {
        let other = if conflict.held_by.contains(id) {
            conflict.others.first().map(|(_, other)| other)
        } else if conflict.others.iter().any(|(_, other)| other == id) {
            conflict.held_by.first()
        } else {
            None
        };
        page.claim(other?)
    })
}

/// Whether a claim stands: a retelling, contradicted, or held.
fn standing(page: &DealPage, view: &ClaimView) -> (String, Token) {
    let id = view.claim.id.as_str();
    let disagrees = page.status.conflicts.iter().any(|conflict| {
        conflict.held_by.iter().any(|held| held == id) || conflict.others.iter().any(|(_, other)| other == id)
    });
    if disagrees {
        return ("CONFLICT".to_owned(), Token::Warn);
    }
    if !view.novel {
        return ("retold".to_owned(), Token::Dim);
    }
    let lines = page.legs.iter().flat_map(|leg| &leg.accounts).flat_map(|account| &account.lines);
    let left = lines.filter(|line| line.claim == id).map(|line| line.left).min();
    match left {
        Some(left) if left < 1000 => ("superseded".to_owned(), Token::Dim),
        Some(_) => ("counts".to_owned(), Token::Good),
        None if view.copies > 0 => (format!("held, {} more", view.copies), Token::Text),
        None => ("held".to_owned(), Token::Text),
    }
}

/// Evidence: the list, and the words of the row under the cursor.
pub(super) fn draw(canvas: &mut Canvas<'_>, scene: Scene<'_>, page: &DealPage, area: Rect) {
    let state = scene.state;
    let index = state.cursor(List::Evidence);
    let view = page.claims.get(index);
    let (list, words) = if state.zoomed {
        (Rect { height: 0, ..area }, area)
    } else if area.width >= BESIDE {
        split_columns(area, area.width / 2)
    } else {
        split_rows(area, area.height.saturating_sub(11).max(area.height / 2))
    };
    let title = [span("Evidence ", Token::Strong), span(page.claims.len().to_string(), Token::Dim)];
    let inside = canvas.frame(list, &title, "o opens the source, y copies", true);
    if page.claims.is_empty() {
        canvas
            .paragraph(inside, &[span("Nobody had said anything about this deal by this day.", Token::Dim)]);
        return;
    }
    canvas.list(List::Evidence, inside, (index, page.claims.len()), true, |canvas, line, place| {
        let Some(view) = page.claims.get(place) else { return };
        let claim = &view.claim;
        let pieces = [
            span(format!("{} ", claim.published), Token::Dim),
            span(format!("{} ", view.code), Token::Strong),
            span(format!("{:<7}", view.leg.word()), leg_token(view.leg)),
            span(format!("{}  ", scene.state.informant(&claim.origin)), Token::Accent),
            span(claim.words.as_str(), if view.novel { Token::Text } else { Token::Dim }),
        ];
        canvas.line(line.x, line.y, line.width, &pieces);
    });
    canvas.fold(list, List::Evidence, page.claims.len());
    if let Some(view) = view {
        detail(canvas, scene, page, view, words);
    }
}

/// A claim's words with what was read highlighted, and whose they are.
fn detail(canvas: &mut Canvas<'_>, scene: Scene<'_>, page: &DealPage, view: &ClaimView, area: Rect) {
    let claim = &view.claim;
    let title = [
        span(claim.source.outlet.as_str(), Token::Strong),
        span(format!("  {}", claim.published), Token::Dim),
    ];
    let inside = canvas.frame(area, &title, if view.live { "from a feed" } else { "catalog" }, false);
    let mut room = inside;
    let mut put = |canvas: &mut Canvas<'_>, line: &Line<'_>| {
        let used = canvas.paragraph(room, line);
        room = Rect { y: room.y + used, height: room.height - used, ..room };
    };
    if !claim.source.title.is_empty() && claim.source.title != claim.words {
        put(canvas, &vec![span("headline ", Token::Dim), span(claim.source.title.as_str(), Token::Dim)]);
    }
    put(canvas, &words(claim, view.live));
    let (word, token) = standing(page, view);
    let says = says(claim);
    let mut line = vec![
        span(format!("{} leg ", view.leg.word()), leg_token(view.leg)),
        span(if says.is_empty() { String::new() } else { format!("{says}  ") }, Token::Strong),
        span(format!("{}, {}  ", kind_word(claim), modality(claim.modality)), Token::Text),
        span(word, token),
    ];
    let figures = figures(claim);
    if !figures.is_empty() {
        line.push(span(format!("  {figures}"), Token::Accent));
    }
    if let Some(due) = claim.due {
        line.push(span(format!("  due {due} {}", claim.milestone.as_deref().unwrap_or("")), Token::Accent));
    }
    put(canvas, &line);
    put(
        canvas,
        &vec![
            span("informant ", Token::Dim),
            span(scene.state.informant(&claim.origin), Token::Text),
            span(format!("  tier {}  ", view.code), Token::Text),
            span(
                format!(
                    "told {}  ",
                    if view.copies == 0 { "once".to_owned() } else { format!("{} times", view.copies + 1) }
                ),
                Token::Dim,
            ),
            span(format!("read by rule {}", claim.rule), Token::Dim),
        ],
    );
    if let Some(url) = &claim.source.url {
        put(canvas, &vec![span(url.as_str(), Token::Accent)]);
    }
    for copy in page.claims.iter().filter(|other| is_copy(view, other)) {
        let mut line = vec![
            span("told too by ", Token::Dim),
            span(format!("{} {} ", copy.claim.source.outlet, copy.claim.published), Token::Text),
        ];
        line.extend(words(&copy.claim, copy.live));
        put(canvas, &line);
    }
}

/// A claim's words, and whose they are. What the catalog says of a source is in our own words and stands
/// without quotes; an outlet's own words stand in quotes, with what was read highlighted.
pub(in crate::ui) fn words(claim: &Claim, live: bool) -> Line<'_> {
    if !live {
        let mut line = vec![span("catalog says: ", Token::Dim)];
        line.extend(highlighted(claim));
        return line;
    }
    let mut line = vec![span("\"", Token::Dim)];
    line.extend(highlighted(claim));
    line.push(span("\"", Token::Dim));
    line
}

/// Whether another claim says the same of the same leg, word of the same informant.
fn is_copy(view: &ClaimView, other: &ClaimView) -> bool {
    view.copies > 0
        && view.claim.id != other.claim.id
        && view.leg == other.leg
        && says_the_same(&view.claim, &other.claim)
}

fn modality(modality: Modality) -> &'static str {
    match modality {
        Modality::Asserted => "stated",
        Modality::Hedged => "hedged",
        Modality::Speculative => "speculative",
        Modality::Denied => "denied",
        Modality::Scheduled => "planned",
        Modality::Hypothetical => "hypothetical",
        Modality::Opinion => "opinion",
    }
}

/// The words of a claim, the read spans apart from the rest. Spans that overlap, leave the text or cut a
/// character show nothing wrong: they are clipped or left out.
fn highlighted(claim: &Claim) -> Line<'_> {
    let words = claim.words.as_str();
    let mut spans: Vec<(usize, usize)> = claim
        .spans
        .iter()
        .map(|(start, end)| (*start as usize, (*end as usize).min(words.len())))
        .filter(|(start, end)| start < end && words.is_char_boundary(*start) && words.is_char_boundary(*end))
        .collect();
    spans.sort_unstable();
    let mut line = Vec::new();
    let mut at = 0;
    for (start, end) in spans {
        let start = start.max(at);
        if start >= end {
            continue;
        }
        if let (Some(before), Some(read)) = (words.get(at..start), words.get(start..end)) {
            if !before.is_empty() {
                line.push(span(before, Token::Text));
            }
            line.push(span(read, Token::Highlight));
            at = end;
        }
    }
    if let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
        line.push(span(rest, Token::Text));
    }
    debug_assert_eq!(line.iter().map(|piece| text::width(&piece.text)).sum::<usize>(), text::width(words));
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_the_spans_the_words_are_whole(spans in proptest::collection::vec((0u32..80, 0u32..80), 0..6)) {
            let config = Config::load(None).unwrap();
            let mut claim = config.catalog.claims().next().unwrap().clone();
            claim.words = crate::domain::text::DisplayText::line("OpenAI will consume 2 GW — 字幕 — of Trainium", 200);
            claim.spans = spans;
            let whole: String = highlighted(&claim).iter().map(|piece| piece.text.as_ref()).collect();
            prop_assert_eq!(whole.as_str(), claim.words.as_str());
        }
    }

    #[test]
    fn the_read_words_stand_out() {
        let config = Config::load(None).unwrap();
        let mut claim = config.catalog.claims().next().unwrap().clone();
        claim.words = crate::domain::text::DisplayText::line("to consume 2 GW of Trainium", 200);
        claim.spans = vec![(3, 15)];
        let read: Vec<_> =
            highlighted(&claim).into_iter().filter(|piece| piece.token == Token::Highlight).collect();
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].text, "consume 2 GW");
    }
}
