//! Claims as a table, and Evidence: the words that they were read from.

use ratatui::layout::Rect;

use super::super::Scene;
use super::super::board::{split_columns, split_rows};
use super::super::canvas::{Canvas, Column, Line, column, flexible, lay_out, span};
use super::super::deals::leg_token;
use super::super::text::{self, Align};
use super::super::theme::Token;
use crate::app::drill::{ClaimView, DealPage, figures, kind_word, says};
use crate::app::nav::List;
use crate::domain::claim::{Claim, Modality};

const COLUMNS: [Column; 8] = [
    column("DATE", 10, Align::Left, 0),
    column("LEG", 6, Align::Left, 1),
    column("SAYS", 14, Align::Left, 0),
    column("KIND", 18, Align::Left, 6),
    flexible("FIGURES", 14, 48, 2),
    column("SRC", 3, Align::Left, 0),
    flexible("INFORMANT", 12, 30, 5),
    flexible("STATE", 9, 24, 3),
];

/// Columns from which the words stand beside the list.
const BESIDE: u16 = 130;

pub(super) fn claims(canvas: &mut Canvas<'_>, scene: Scene<'_>, page: &DealPage, area: Rect) {
    let state = scene.state;
    let title = [span("Claims ", Token::Strong), span(page.claims.len().to_string(), Token::Dim)];
    let (list, below) = split_rows(area, area.height.saturating_sub(if area.height > 18 { 7 } else { 0 }));
    let inside = canvas.frame(list, &title, "newest first; enter: the words", true);
    if page.claims.is_empty() {
        canvas
            .paragraph(inside, &[span("Nobody had said anything about this deal by this day.", Token::Dim)]);
        return;
    }
    let places = lay_out(&COLUMNS, inside.width.saturating_sub(1));
    let (head, body) = split_rows(inside, u16::from(inside.height > 3));
    canvas.headings(Rect { x: head.x + 1, ..head }, &COLUMNS, &places);
    let index = state.cursor(List::Claims);
    canvas.list(List::Claims, body, (index, page.claims.len()), true, |canvas, line, place| {
        let Some(view) = page.claims.get(place) else { return };
        let claim = &view.claim;
        let mut cell = |at: usize, content: &str, token: Token| {
            if let Some(Some((offset, width))) = places.get(at) {
                canvas.cell(line.x + offset, line.y, *width, content, COLUMNS[at].align, token);
            }
        };
        let token = if view.novel { Token::Text } else { Token::Dim };
        cell(0, &claim.published.to_string(), Token::Dim);
        cell(1, view.leg.word(), leg_token(view.leg));
        cell(2, &says(claim), token);
        cell(3, &kind_word(claim), Token::Dim);
        cell(4, &figures(claim), token);
        cell(5, &view.code.to_string(), Token::Strong);
        cell(6, &claim.origin, Token::Dim);
        let (word, token) = standing(page, view);
        cell(7, &word, token);
    });
    if let Some(view) = page.claims.get(index)
        && !below.is_empty()
    {
        detail(canvas, page, view, below);
    }
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
            span(claim.words.as_str(), if view.novel { Token::Text } else { Token::Dim }),
        ];
        canvas.line(line.x, line.y, line.width, &pieces);
    });
    if let Some(view) = view {
        detail(canvas, page, view, words);
    }
}

/// A claim's words with what was read highlighted, and whose they are.
fn detail(canvas: &mut Canvas<'_>, page: &DealPage, view: &ClaimView, area: Rect) {
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
        put(canvas, &vec![span(claim.source.title.as_str(), Token::Dim)]);
    }
    let mut words = vec![span("\"", Token::Dim)];
    words.extend(highlighted(claim));
    words.push(span("\"", Token::Dim));
    put(canvas, &words);
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
            span(claim.origin.clone(), Token::Text),
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
pub(in crate::ui) fn highlighted(claim: &Claim) -> Line<'_> {
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
