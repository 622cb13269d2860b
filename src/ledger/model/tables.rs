//! The constants of the Threshold-Odds Ledger, and the two tables that stand in for `exp` and `2^-x`, so
//! that every machine gets the same integers.
//!
//! Weights are in milli-nats (thousandths of a natural-log odds unit). They were set by experts, not
//! fitted: a newsroom's asserted word (2500) is a likelihood ratio of about 12, a party's own (6000) one
//! of about 400.

use crate::domain::claim::Modality;
use crate::domain::outlet::Tier;

/// Prior log-odds that a tracked leg has reached at least rung `k`, for `k` = 1 to 7. Strictly falling.
pub(crate) const BASE: [i32; 7] = [-1400, -2200, -2600, -2800, -2950, -3100, -3200];
/// The n-th best informant counts 0.35^n of its weight, in permille: informants are not independent.
pub(crate) const GAMMA: [i32; 8] = [1000, 350, 123, 43, 15, 5, 2, 1];
/// The most that support, or contradiction, can add up to.
pub(crate) const CAP: i32 = 6000;
/// The most that informants other than the parties can add to what the parties say.
pub(crate) const SOFT_CAP: i32 = 3000;
/// What is left, in permille, of a claim that a party's newer word overturned.
pub(crate) const SUPERSEDED_BY_HARD: i32 = 125;
/// What is left, in permille, of a soft claim that a newer soft one overturned.
pub(crate) const SUPERSEDED_BY_SOFT: i32 = 500;
/// A rung is entered at this log-odds (P = .65) ...
pub(crate) const ENTER: i32 = 619;
/// ... and left below this one (P = .45), so that a label does not flicker.
pub(crate) const EXIT: i32 = -201;
/// Days over which momentum is measured and a reversal stays in the headline.
pub(crate) const WINDOW: i32 = 90;
/// Days without novel evidence after which a leg is stale: one earnings cycle and some slack.
pub(crate) const STALE_AFTER: i32 = 100;
/// Days for which a newsroom's report above the shown rung is kept on display.
pub(crate) const REPORT_WINDOW: i32 = 180;
/// Half-life in days of a "not yet" or a denial, at most.
pub(crate) const NOT_YET: i32 = 180;
/// Half-life in days of pressure.
pub(crate) const PRESSURE_HALF_LIFE: i32 = 60;
/// Where a pin holds the log-odds: P = .98, or .02 with the sign turned.
pub(crate) const PINNED: i32 = 3892;
/// After this many half-lives every weight has come down to zero (2^13 is above the largest weight).
pub(crate) const SPENT_HALF_LIVES: i32 = 13;

/// The weight of an asserted claim, in milli-nats.
pub(crate) const fn tier_weight(tier: Tier) -> i32 {
    match tier {
        Tier::A => 6000,
        Tier::B => 4000,
        Tier::C => 2500,
        Tier::D => 1250,
        Tier::E => 400,
    }
}

/// What a modality leaves of the weight, in permille.
pub(crate) const fn modality_factor(modality: Modality) -> i32 {
    match modality {
        Modality::Asserted => 1000,
        Modality::Hedged => 600,
        Modality::Speculative => 300,
        Modality::Denied => 750,
        Modality::Scheduled | Modality::Hypothetical | Modality::Opinion => 0,
    }
}

/// Half-life in days of an asserted claim; 0 for one that does not decay.
pub(crate) const fn half_life(tier: Tier) -> i32 {
    match tier {
        Tier::A => 0,
        Tier::B => 730,
        Tier::C => 180,
        Tier::D => 90,
        Tier::E => 30,
    }
}

/// `weight` after `age` days at a half-life of `half` days (0: no decay), in steps of 1/64 half-life.
pub(crate) fn decay(weight: i32, age: i32, half: i32) -> i32 {
    if half == 0 {
        return weight;
    }
    let steps = (i64::from(age) * 64).div_euclid(i64::from(half));
    let within = DECAY[steps.rem_euclid(64) as usize];
    let halvings = steps.div_euclid(64).min(40) + 16;
    (i64::from(weight) * i64::from(within)).checked_shr(halvings.max(0) as u32).unwrap_or(0) as i32
}

/// The probability of a log-odds, in permille, to the nearest hundredth of a nat.
pub(crate) fn permille(odds: i32) -> i32 {
    let step = (odds + 5).div_euclid(10).clamp(-900, 900);
    let upper = i32::from(SIGMOID[step.unsigned_abs() as usize]);
    if step < 0 { 1000 - upper } else { upper }
}

/// 65536 · 2^(-i/64).
const DECAY: [u32; 64] = [
    65536, 64830, 64132, 63441, 62757, 62081, 61413, 60751, 60097, 59449, 58809, 58176, 57549, 56929, 56316,
    55709, 55109, 54515, 53928, 53347, 52773, 52204, 51642, 51085, 50535, 49991, 49452, 48920, 48393, 47871,
    47356, 46846, 46341, 45842, 45348, 44859, 44376, 43898, 43425, 42958, 42495, 42037, 41584, 41136, 40693,
    40255, 39821, 39392, 38968, 38548, 38133, 37722, 37316, 36914, 36516, 36123, 35734, 35349, 34968, 34591,
    34219, 33850, 33486, 33125,
];

/// 1000 / (1 + e^(-i/100)), rounded; the lower half is its mirror.
const SIGMOID: [u16; 901] = [
    500, 502, 505, 507, 510, 512, 515, 517, 520, 522, 525, 527, 530, 532, 535, 537, 540, 542, 545, 547, 550,
    552, 555, 557, 560, 562, 565, 567, 570, 572, 574, 577, 579, 582, 584, 587, 589, 591, 594, 596, 599, 601,
    603, 606, 608, 611, 613, 615, 618, 620, 622, 625, 627, 629, 632, 634, 636, 639, 641, 643, 646, 648, 650,
    652, 655, 657, 659, 662, 664, 666, 668, 670, 673, 675, 677, 679, 681, 684, 686, 688, 690, 692, 694, 696,
    698, 701, 703, 705, 707, 709, 711, 713, 715, 717, 719, 721, 723, 725, 727, 729, 731, 733, 735, 737, 739,
    741, 743, 745, 746, 748, 750, 752, 754, 756, 758, 760, 761, 763, 765, 767, 769, 770, 772, 774, 776, 777,
    779, 781, 782, 784, 786, 788, 789, 791, 792, 794, 796, 797, 799, 801, 802, 804, 805, 807, 808, 810, 812,
    813, 815, 816, 818, 819, 821, 822, 823, 825, 826, 828, 829, 831, 832, 833, 835, 836, 838, 839, 840, 842,
    843, 844, 846, 847, 848, 849, 851, 852, 853, 854, 856, 857, 858, 859, 861, 862, 863, 864, 865, 866, 868,
    869, 870, 871, 872, 873, 874, 875, 877, 878, 879, 880, 881, 882, 883, 884, 885, 886, 887, 888, 889, 890,
    891, 892, 893, 894, 895, 896, 897, 898, 898, 899, 900, 901, 902, 903, 904, 905, 906, 906, 907, 908, 909,
    910, 911, 911, 912, 913, 914, 915, 915, 916, 917, 918, 918, 919, 920, 921, 921, 922, 923, 923, 924, 925,
    926, 926, 927, 928, 928, 929, 930, 930, 931, 932, 932, 933, 933, 934, 935, 935, 936, 936, 937, 938, 938,
    939, 939, 940, 940, 941, 942, 942, 943, 943, 944, 944, 945, 945, 946, 946, 947, 947, 948, 948, 949, 949,
    950, 950, 951, 951, 952, 952, 953, 953, 953, 954, 954, 955, 955, 956, 956, 956, 957, 957, 958, 958, 959,
    959, 959, 960, 960, 960, 961, 961, 962, 962, 962, 963, 963, 963, 964, 964, 964, 965, 965, 965, 966, 966,
    966, 967, 967, 967, 968, 968, 968, 969, 969, 969, 970, 970, 970, 970, 971, 971, 971, 972, 972, 972, 972,
    973, 973, 973, 973, 974, 974, 974, 974, 975, 975, 975, 975, 976, 976, 976, 976, 977, 977, 977, 977, 977,
    978, 978, 978, 978, 979, 979, 979, 979, 979, 980, 980, 980, 980, 980, 981, 981, 981, 981, 981, 981, 982,
    982, 982, 982, 982, 983, 983, 983, 983, 983, 983, 984, 984, 984, 984, 984, 984, 984, 985, 985, 985, 985,
    985, 985, 986, 986, 986, 986, 986, 986, 986, 986, 987, 987, 987, 987, 987, 987, 987, 988, 988, 988, 988,
    988, 988, 988, 988, 988, 989, 989, 989, 989, 989, 989, 989, 989, 989, 990, 990, 990, 990, 990, 990, 990,
    990, 990, 990, 991, 991, 991, 991, 991, 991, 991, 991, 991, 991, 991, 992, 992, 992, 992, 992, 992, 992,
    992, 992, 992, 992, 992, 992, 993, 993, 993, 993, 993, 993, 993, 993, 993, 993, 993, 993, 993, 993, 994,
    994, 994, 994, 994, 994, 994, 994, 994, 994, 994, 994, 994, 994, 994, 994, 994, 995, 995, 995, 995, 995,
    995, 995, 995, 995, 995, 995, 995, 995, 995, 995, 995, 995, 995, 995, 995, 996, 996, 996, 996, 996, 996,
    996, 996, 996, 996, 996, 996, 996, 996, 996, 996, 996, 996, 996, 996, 996, 996, 996, 996, 996, 996, 997,
    997, 997, 997, 997, 997, 997, 997, 997, 997, 997, 997, 997, 997, 997, 997, 997, 997, 997, 997, 997, 997,
    997, 997, 997, 997, 997, 997, 997, 997, 997, 997, 997, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998,
    998, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998,
    998, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998, 998,
    999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999,
    999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999,
    999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999,
    999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999,
    999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999, 999,
    999, 999, 999, 999, 999, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000,
    1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000,
    1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000,
    1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000,
    1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000,
    1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000,
    1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000,
    1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000,
    1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_agree_with_the_functions_they_stand_for() {
        for (i, &value) in DECAY.iter().enumerate() {
            let exact = 65536.0 * (-(i as f64) / 64.0).exp2();
            assert!((f64::from(value) - exact).abs() <= 0.5 + 1e-9, "2^(-{i}/64)");
        }
        for (i, &value) in SIGMOID.iter().enumerate() {
            let exact = 1000.0 / (1.0 + (-(i as f64) / 100.0).exp());
            assert!((f64::from(value) - exact).abs() <= 0.5 + 1e-9, "sigmoid({i}/100)");
        }
    }

    #[test]
    fn probability_mirrors_and_saturates() {
        assert_eq!(permille(0), 500);
        assert_eq!(permille(ENTER), 650);
        assert_eq!((permille(PINNED), permille(-PINNED)), (980, 20));
        assert_eq!((permille(i32::from(i16::MAX)), permille(-20_000)), (1000, 0));
    }

    #[test]
    fn weight_halves_over_a_half_life_and_ends_at_zero() {
        assert_eq!(decay(2500, 0, 180), 2500);
        assert_eq!(decay(2500, 180, 180), 1250);
        assert_eq!(decay(2500, 1_000_000, 180), 0);
        assert_eq!(decay(6000, 13 * 30, 30), 0);
        assert_eq!(decay(6000, 1_000_000, 0), 6000);
    }
}
