//! Chart: the probability of each rung and the custom share over time.

use ratatui::layout::Rect;

use super::super::Scene;
use super::super::board::split_rows;
use super::super::canvas::{Canvas, span};
use super::super::deals::leg_token;
use super::super::text::Align;
use super::super::theme::Token;
use crate::app::drill::DealPage;
use crate::app::format;
use crate::app::history::SharePoint;
use crate::app::nav::List;
use crate::domain::claim::Rung;
use crate::domain::time::Day;

/// Columns of the labels on the left, and of the figures on the right.
const LEFT: u16 = 12;
const RIGHT: u16 = 5;

/// Probabilities in permille from which a rung is shown, and below which it is lost.
const SHOWN: usize = 650;
const LOST: usize = 450;

pub(super) fn draw(canvas: &mut Canvas<'_>, scene: Scene<'_>, page: &DealPage, area: Rect) {
    let state = scene.state;
    let legs = &page.status.legs;
    let index = state.place(List::Chart, &state.keys(List::Chart));
    let Some(leg) = legs.get(index) else { return };
    let title =
        [span("Chart ", Token::Strong), span(format!("{} leg", leg.kind.word()), leg_token(leg.kind))];
    let other = if legs.len() > 1 { "; j k: other leg" } else { "" };
    let (band, gap) = band(area.height.saturating_sub(2));
    let dots = if band > 1 { " (dots)" } else { "" };
    let about = format!("a rung is shown from .65{dots} and lost below .45{other}");
    let inside = canvas.frame(area, &title, &about, true);
    canvas.window(List::Chart, Rect { height: legs.len() as u16, ..inside }, index, legs.len());
    let series =
        state.world.history.as_ref().and_then(|history| history.series.get(page.status.deal.slug.as_str()));
    let (Some(series), Some(today)) = (series, state.world.day()) else {
        let text = if state.world.history.is_none() {
            "The history is being worked out."
        } else {
            "Nothing has been said of this deal yet: the chart begins with the first claim."
        };
        canvas.paragraph(inside, &[span(text, Token::Dim)]);
        return;
    };
    let points = series.legs.iter().find(|(kind, _)| *kind == leg.kind).map_or(&[][..], |(_, points)| points);
    if points.iter().all(|point| point.day > today) {
        let text = if state.as_of.is_some() {
            "Nothing was known of this leg on this day. T returns to now."
        } else {
            "Nothing has been said of this leg yet: the chart begins with the first claim."
        };
        canvas.paragraph(inside, &[span(text, Token::Dim)]);
        return;
    }
    let first = points.first().map_or(today.plus(-90), |point| point.day).min(today);
    // A little calm before the first event shows that there was nothing.
    let from = first.plus(-((today.since(first) / 20).max(7)));
    let columns = inside.width.saturating_sub(LEFT + RIGHT + 1);
    if columns < 8 || inside.height < 5 {
        canvas.paragraph(inside, &[span("The chart needs more room.", Token::Dim)]);
        return;
    }
    let axis = Axis { from, until: today, columns };
    let mut y = inside.y;
    for rung in (1..=7usize).rev() {
        if y + band > inside.bottom().saturating_sub(2) {
            break;
        }
        let values = axis.sample(points, |point| (point.day, point.chance.get(rung - 1).copied()));
        let reached = leg.status.rung.index() >= rung;
        canvas.cell(
            inside.x + 1,
            y + band - 1,
            LEFT - 2,
            Rung::from_index(rung).label(),
            Align::Left,
            if reached { Token::Strong } else { Token::Dim },
        );
        let area = Rect::new(inside.x + LEFT, y, columns, band);
        thresholds(canvas, area);
        // Strong where the rung was as good as shown, weak where it was not.
        columns_of(canvas, area, &values, |value| {
            if value >= SHOWN as i32 { leg_token(leg.kind) } else { Token::Dim }
        });
        let now = values.last().copied().flatten().map(format::chance).unwrap_or_default();
        canvas.cell(inside.x + LEFT + columns, y + band - 1, RIGHT, &now, Align::Right, Token::Text);
        y += band + gap;
    }
    // Nothing stands between the last band and the days below it.
    y -= gap;
    axis_line(canvas, inside, y, axis);
    y += 1;
    let below = Rect { y, height: inside.bottom().saturating_sub(y), ..inside };
    share(canvas, below, page, &series.shares, axis);
}

/// Custom share of contracted capacity.
fn share(canvas: &mut Canvas<'_>, area: Rect, page: &DealPage, points: &[SharePoint], axis: Axis) {
    if area.height == 0 {
        return;
    }
    let values = axis.sample(points, |point| (point.day, point.contracted.map(|share| share.mid as i32)));
    let (chart, rest) =
        split_rows(area, area.height.min(9).saturating_sub(u16::from(area.height > 3)).max(1));
    canvas.cell(chart.x + 1, chart.bottom() - 1, LEFT - 2, "share", Align::Left, Token::Custom);
    if values.iter().all(Option::is_none) {
        canvas.put(
            chart.x + LEFT,
            chart.bottom() - 1,
            axis.columns,
            "custom share of contracted: n/d all along",
            Token::Dim,
        );
        return;
    }
    columns_of(canvas, Rect { x: chart.x + LEFT, width: axis.columns, ..chart }, &values, |_| Token::Custom);
    let now = page.status.contracted.map(|share| format::percent(share.mid)).unwrap_or_default();
    canvas.cell(chart.x + LEFT + axis.columns, chart.bottom() - 1, RIGHT, &now, Align::Right, Token::Text);
    if rest.height > 0 {
        canvas.put(
            rest.x + LEFT,
            rest.y,
            axis.columns,
            "custom share of contracted MW, middle of its bounds; gaps are n/d",
            Token::Dim,
        );
    }
}

/// Days on columns.
#[derive(Clone, Copy)]
struct Axis {
    from: Day,
    until: Day,
    columns: u16,
}

impl Axis {
    /// The last day that a column stands for.
    fn day(self, column: u16) -> Day {
        let length = i64::from(self.until.since(self.from).max(1));
        self.from.plus((length * (i64::from(column) + 1) / i64::from(self.columns.max(1))) as i32)
    }

    /// What held on the day of each column. `value` gives a point's day and what it says.
    fn sample<P>(self, points: &[P], value: impl Fn(&P) -> (Day, Option<i32>)) -> Vec<Option<i32>> {
        (0..self.columns)
            .map(|column| {
                let day = self.day(column).min(self.until);
                let held = points.partition_point(|point| value(point).0 <= day);
                held.checked_sub(1).and_then(|at| points.get(at)).and_then(|point| value(point).1)
            })
            .collect()
    }
}

/// Rows of a band and between two, in so many rows for everything.
fn band(rows: u16) -> (u16, u16) {
    // The axis and two lines for the share are always there; the bands get the rest in equal parts.
    let each = rows.saturating_sub(3) / 7;
    // A free row between two bands, or they would read as one wall.
    let gap = u16::from(each > 1);
    ((each - gap).clamp(1, 5), gap)
}

/// Where a rung is shown from (.65) and lost again (.45): dots behind the columns of a band that has rows
/// enough to tell.
fn thresholds(canvas: &mut Canvas<'_>, band: Rect) {
    if band.height < 2 {
        return;
    }
    let dots = canvas.glyphs().empty.to_string().repeat(band.width.into());
    // In two rows both lines would fill the band: then only the upper one is drawn.
    let lines = if band.height < 3 { &[SHOWN][..] } else { &[SHOWN, LOST] };
    for permille in lines {
        let row = (permille * levels_of(band) / 1000 / 8) as u16;
        canvas.put(band.x, band.bottom() - 1 - row, band.width, &dots, Token::Dim);
    }
}

/// Eighths of a row that a column may fill. One is always free, so that no two bands touch.
fn levels_of(band: Rect) -> usize {
    (usize::from(band.height) * 8).saturating_sub(1)
}

/// Values in permille as columns over one or more rows.
fn columns_of(canvas: &mut Canvas<'_>, area: Rect, values: &[Option<i32>], token: impl Fn(i32) -> Token) {
    let steps = canvas.glyphs().steps;
    let levels = levels_of(area);
    for (column, value) in values.iter().enumerate().take(area.width.into()) {
        let Some(value) = value else { continue };
        // What is there at all has a mark, so that nothing and a little are told apart.
        let filled = ((*value).clamp(0, 1000) as usize * levels).div_ceil(1000).max(1);
        for row in 0..area.height {
            let below = usize::from(area.height - 1 - row) * 8;
            let level = filled.saturating_sub(below).min(8);
            if level > 0 {
                let glyph = steps[level - 1].to_string();
                canvas.put(area.x + column as u16, area.y + row, 1, &glyph, token(*value));
            }
        }
    }
}

fn axis_line(canvas: &mut Canvas<'_>, inside: Rect, y: u16, axis: Axis) {
    let left = inside.x + LEFT;
    let last = (left + axis.columns).saturating_sub(10);
    let labels = (axis.columns / 14).max(1);
    for label in 0..labels {
        let column = (axis.columns - 1) * label / labels;
        // A label that would run into the last one is left out.
        if left + column + 11 < last {
            canvas.put(left + column, y, 10, &axis.day(column).to_string(), Token::Dim);
        }
    }
    canvas.put(last, y, 10, &axis.until.to_string(), Token::Dim);
}
