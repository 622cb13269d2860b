//! The printed form of a leg's status. Member names and units are a contract with scripts.

use serde::Serialize;

use super::model::status::LegStatus;
use crate::domain::time::Day;

/// A leg as `--json` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LegReport {
    /// `gpu`, `custom` or `other`; in a plain claims file any text.
    pub leg: String,
    /// 0 to 7.
    pub rung: usize,
    /// `NONE` to `AT-SCALE`.
    pub label: &'static str,
    /// Log-odds of each rung from 1 to 7, milli-nats.
    #[serde(rename = "L")]
    pub odds: [i32; 7],
    /// Their probabilities, permille.
    #[serde(rename = "P")]
    pub chance: [i32; 7],
    /// `LOW`, `MED` or `HIGH`.
    pub level: &'static str,
    /// Permille.
    pub conf: i32,
    /// Rungs per quarter, permille.
    pub momentum: i32,
    /// Strong words both ways.
    pub contested: bool,
    /// Days since the last novel evidence.
    pub stale: i32,
    /// Nearest due date.
    pub due: Option<Day>,
    /// Largest slip of a milestone, days.
    pub slip: i32,
    /// Days overdue.
    pub overdue: i32,
    /// A claim brought it down.
    pub reversing: bool,
    /// Silence brought it down.
    pub faded: bool,
    /// Words beside the rung, in alphabetical order.
    pub flags: Vec<&'static str>,
    /// A higher rung that newsrooms report.
    pub reported: Option<ReportedReport>,
    /// Milestones beyond the rung.
    pub dues: Vec<DueReport>,
    /// Informants that support the rung.
    pub origins: usize,
}

/// A milestone as `--json` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DueReport {
    /// Name.
    pub milestone: String,
    /// Latest date given.
    pub due: Day,
    /// Days moved since the first date given.
    pub slip: i32,
}

/// A reported rung as `--json` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportedReport {
    /// 0 to 7.
    pub rung: usize,
    /// How many informants.
    pub origins: usize,
}

impl LegReport {
    /// The printed form of a status; `leg` is the leg's name.
    pub fn new(leg: &str, status: &LegStatus) -> Self {
        Self {
            leg: leg.to_owned(),
            rung: status.rung.index(),
            label: status.rung.label(),
            odds: status.odds,
            chance: status.chance,
            level: status.level.word(),
            conf: status.conf,
            momentum: status.momentum,
            contested: status.contested,
            stale: status.stale,
            due: status.due(),
            slip: status.slip(),
            overdue: status.overdue,
            reversing: status.reversing,
            faded: status.faded,
            flags: status.flags.iter().map(|flag| flag.word()).collect(),
            reported: status
                .reported
                .map(|reported| ReportedReport { rung: reported.rung.index(), origins: reported.origins }),
            dues: status
                .dues
                .iter()
                .map(|due| DueReport { milestone: due.milestone.clone(), due: due.due, slip: due.slip })
                .collect(),
            origins: status.origins,
        }
    }
}
