//! What the commands say: contracts with scripts, and what people read.

use serde_json::Value;

use crate::support::Home;

fn home() -> Home {
    Home::new("")
}

fn text(home: &Home, args: &[&str]) -> String {
    let output = home.run(args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A number of the output, rounded.
fn rounded(value: &Value) -> i64 {
    value.as_f64().unwrap().round() as i64
}

#[test]
fn economics_prints_the_lever_the_table_and_whom_it_touches() {
    let home = home();
    let args = ["economics", "openai-aws", "--as-of", "2026-04-29", "--share", "82%"];
    let json = home.json(&[&args[..], &["--json"]].concat());
    assert_eq!(rounded(&json["revenue"]), 17_250, "138 billion over eight years");
    assert_eq!(rounded(&json["lever"]["margin_bps"]), 1_722);
    assert_eq!(rounded(&json["lever"]["profit_gain"]), 2_970);
    assert_eq!(rounded(&json["point_bps"]["mid"]), 21);
    assert_eq!(rounded(&json["point_profit"]["mid"]), 36);
    assert_eq!(json["break_even"]["mid"], 0.454_545);
    let row: Vec<i64> = json["sensitivity"][1]["bps"][4].as_array().unwrap().iter().map(rounded).collect();
    assert_eq!(
        (&json["sensitivity"][1]["passed_on"], row),
        (&0.5.into(), vec![384, 792, 1225, 1686, 2178, 3268])
    );
    let tickers: Vec<&str> =
        json["exposure"].as_array().unwrap().iter().map(|row| row["ticker"].as_str().unwrap()).collect();
    for ticker in ["AMZN", "NVDA", "AVGO", "MRVL", "3661.TW", "ALAB", "TSM", "AMD", "MSFT", "ORCL"] {
        assert!(tickers.contains(&ticker), "{ticker}");
    }
    let caveats = json["caveats"].as_array().unwrap();
    let shown = text(&home, &args);
    for caveat in caveats {
        assert!(shown.contains(caveat.as_str().unwrap()), "{caveat}");
    }
    assert!(shown.contains("+1722 bp") && shown.contains("+4018"), "{shown}");
}

#[test]
fn an_assumption_that_is_no_part_of_one_is_wrong_usage() {
    let output = home().run(&["economics", "openai-aws", "--share", "120%"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("a part of one"));
}
