//! Tables as people have them: each kind is read rightly, or refused by one message with what mends it.

use actiscope_core::data::{
    ColumnUse, CsvTable, DataSource, DataSpec, Gaps, Reading, TargetKind, decode,
};
use actiscope_core::scenario::Scenario;
use expect_test::{Expect, expect};
use proptest::prelude::*;

fn spec(text: &str, reading: &Reading) -> DataSpec {
    DataSpec {
        source: DataSource::Csv(text.into()),
        reading: reading.clone(),
        ..Scenario::default().data
    }
}

fn read_with(choose: impl FnOnce(&mut Reading)) -> Reading {
    let mut reading = Reading::default();
    choose(&mut reading);
    reading
}

/// Inputs, target, and samples in the order of the text, with notes of table and columns; or the message and what it offers.
fn summary(text: &str, reading: &Reading) -> String {
    let spec = spec(text, reading);
    let table = CsvTable::from(text);
    let preview = match table.preview(reading, 2) {
        Ok(preview) => preview,
        Err(error) => return refusal(&error.to_string(), &error.mends(reading)),
    };
    if let Err(error) = &preview.outcome {
        assert_eq!(
            spec.generate(1).expect_err("it is refused").to_string(),
            error.to_string()
        );
        return refusal(&error.to_string(), &error.mends(reading));
    }
    let data = spec.generate(1).expect("it is told so");
    assert_eq!(
        (spec.shape().n_inputs, spec.shape().target),
        (data.n_inputs, data.target)
    );
    let samples = data.x_train.chunks_exact(data.n_inputs).zip(&data.y_train);
    let mut samples: Vec<_> = samples.map(|(x, y)| format!("{x:?} -> {y}")).collect();
    samples.sort();
    let kind = match data.target {
        TargetKind::Number => "number".into(),
        TargetKind::Class { .. } => data.class_names.join("/"),
    };
    let names = data.input_names.join(" ");
    let mut lines = vec![format!("{names} -> {kind}: {}", samples.join("; "))];
    for column in preview
        .columns
        .iter()
        .filter(|column| !column.notes.is_empty())
    {
        lines.push(format!(
            "{} ({:?}): {}",
            column.name,
            column.column_use,
            column.notes.join(", ")
        ));
    }
    lines.extend(
        preview
            .notes
            .into_iter()
            .filter(|note| !note.contains("samples only")),
    );
    lines.join("\n")
}

fn refusal(error: &str, mends: &[actiscope_core::data::Mend]) -> String {
    let mends: Vec<String> = mends
        .iter()
        .map(|mend| format!("[{}: {}]", mend.label, mend.reading.to_text()))
        .collect();
    [&[error.to_owned()], &mends[..]].concat().join("\n")
}

fn check(text: &str, expect: Expect) {
    expect.assert_eq(&summary(text, &Reading::default()));
}

/// With the choices of a link.
fn check_read(text: &str, choices: &str, expect: Expect) {
    let mut reading = Reading::default();
    for choice in choices.split(',') {
        let (name, value) = choice.split_once(':').expect("a choice");
        reading.set(name, value).expect("a choice");
    }
    expect.assert_eq(&summary(text, &reading));
}

#[test]
fn plain_tables() {
    check(
        "a,b,label\n1,2,yes\n3,4,no\n",
        expect!["a b -> no/yes: [1.0, 2.0] -> 1; [3.0, 4.0] -> 0"],
    );
    check(
        "1,2,0\n3,4,1",
        expect!["x1 x2 -> 0/1: [1.0, 2.0] -> 0; [3.0, 4.0] -> 1"],
    );
    check(
        "1.5;2e-1;A\r\n\r\n3;-4;B\r\n",
        expect!["x1 x2 -> A/B: [1.5, 0.2] -> 0; [3.0, -4.0] -> 1"],
    );
    check(
        "Target\tp q\n0.5\t1\n1.5\t2",
        expect!["p q -> number: [1.0] -> 0.5; [2.0] -> 1.5"],
    );
    // x and y are a point's coordinates where there is a third column.
    check(
        "x,y,colour\n1,2,red\n3,4,blue",
        expect!["x y -> blue/red: [1.0, 2.0] -> 1; [3.0, 4.0] -> 0"],
    );
    check(
        "x,y\n1,0.25\n3,0.75",
        expect!["x -> number: [1.0] -> 0.25; [3.0] -> 0.75"],
    );
    check(
        "0,1,label\n1,2,5\n3,4,-3",
        expect!["0 1 -> -3/5: [1.0, 2.0] -> 1; [3.0, 4.0] -> 0"],
    );
}

#[test]
fn tables_of_spreadsheets() {
    check(
        "28,7;41;warm\n20,1;38;cold\n",
        expect!["x1 x2 -> cold/warm: [20.1, 38.0] -> 0; [28.7, 41.0] -> 1"],
    );
    check(
        "sep=;\r\nb;t;c\r\n1,5;2;x\r\n2,5;3;y\r\n",
        expect!["b t -> x/y: [1.5, 2.0] -> 0; [2.5, 3.0] -> 1"],
    );
    check(
        "a;b\n1.234,5;0,25\n2.000,0;0,75\n",
        expect!["a -> number: [1234.5] -> 0.25; [2000.0] -> 0.75"],
    );
    check(
        "a\tb\n1,234.5\t1 000.5\n12,000.25\t0.5\n",
        expect![[r#"
        a -> number: [12000.25] -> 0.5; [1234.5] -> 1000.5
        a (Number): values up to 12000: standardize"#]],
    );
    check(
        "a;b;c\n1,234;2;x\n2,500;3;y\n",
        expect![[r#"
        a b -> x/y: [1.234, 2.0] -> 0; [2.5, 3.0] -> 1
        Numbers like 1,234 may be 1234 or 1.234: see which decimal mark is right."#]],
    );
    check_read(
        "a;b;c\n1,234;2;x\n2,500;3;y\n",
        "dec:point",
        expect!["a b -> x/y: [1234.0, 2.0] -> 0; [2500.0, 3.0] -> 1"],
    );
    check(
        "\u{feff}\"a, b\",\"say \"\"hi\"\"\",y\n1,\"2\",\"7\"\n3, 4 ,9",
        expect![[r#"a, b say "hi" -> 7/9: [1.0, 2.0] -> 0; [3.0, 4.0] -> 1"#]],
    );
    check(
        "a,b,c\n1,2,\"two\nlines, and more\"\n3,4,one\n",
        expect![[r#"
        a b -> one/two
        lines, and more: [1.0, 2.0] -> 1; [3.0, 4.0] -> 0"#]],
    );
    // A separator ends each row.
    check(
        "a;b;c;\n1;2;x;\n3;4;y;\n",
        expect![[r#"
        a b -> x/y: [1.0, 2.0] -> 0; [3.0, 4.0] -> 1
        column 4 (LeaveOut): empty"#]],
    );
    check(
        "a;b;c\n1;2;x;\n3;4;y;\n",
        expect![[r#"
        a b -> x/y: [1.0, 2.0] -> 0; [3.0, 4.0] -> 1
        column 4 (LeaveOut): empty"#]],
    );
}

#[test]
fn tables_of_programs() {
    check(
        "# measured in May\n# a, b and c\na,b,c\n1,2,x\n3,4,y\n",
        expect![[r#"
        a b -> x/y: [1.0, 2.0] -> 0; [3.0, 4.0] -> 1
        2 lines of comment are passed over."#]],
    );
    check(
        "# a b c\n1.5 2 x\n3.5 4 y\n",
        expect![[r#"
        a b -> x/y: [1.5, 2.0] -> 0; [3.5, 4.0] -> 1
        1 line of comment is passed over."#]],
    );
    check(
        "  1.5   2\t3.25\n  3.5   4\t5.25\n",
        expect!["x1 x2 -> number: [1.5, 2.0] -> 3.25; [3.5, 4.0] -> 5.25"],
    );
    // R leaves the name of the rows' names out.
    check(
        "\"mpg\" \"cyl\"\n\"Mazda RX4\" 21.5 6\n\"Datsun 710\" 22.8 4\n",
        expect![
            "column 1=Datsun 710 column 1=Mazda RX4 mpg -> 4/6: [0.0, 1.0, 21.5] -> 1; [1.0, 0.0, 22.8] -> 0"
        ],
    );
    // pandas writes the index.
    check(
        ",a,b\n0,1.5,0.5\n1,2.5,0.75\n2,2.25,0.125\n",
        expect!["a -> number: [1.5] -> 0.5; [2.25] -> 0.125; [2.5] -> 0.75"],
    );
    check(
        "a|b|c\n1|2|x\n3|4|y\n",
        expect!["a b -> x/y: [1.0, 2.0] -> 0; [3.0, 4.0] -> 1"],
    );
}

/// Auto-MPG: the target first, `?` among numbers, a quoted name last.
const AUTO_MPG: &str =
    "18.0   8   307.0   130.0   3504.   12.0   70  1\t\"chevrolet chevelle malibu\"
15.0   8   350.0   165.0   3693.   11.5   70  1\t\"buick skylark 320\"
25.0   4   98.00   ?       2046.   19.0   71  1\t\"ford pinto\"
24.0   4   113.0   95.00   2372.   15.0   70  3\t\"toyota corona mark ii\"
";

#[test]
fn the_target_comes_first_and_a_name_last() {
    let text: String = (0..5)
        .map(|i| AUTO_MPG.replace("\"\n", &format!(" {i}\"\n")))
        .collect();
    check(
        &text,
        expect![[r#"
        5 rows of 20 cannot be used whole, the first because line 3 has '?' in column 4: leave such rows out, or fill the gaps
        [Leave 5 rows out: gaps:out]
        [Fill gaps with the mean: gaps:mean]"#]],
    );
    let reading = |gaps| read_with(|reading| reading.gaps = gaps);
    let kinds = |gaps| {
        let data = spec(&text, &reading(gaps)).generate(1).expect("a table");
        (data.n_train(), data.n_inputs, data.target)
    };
    assert_eq!(kinds(Gaps::LeaveOut), (15, 7, TargetKind::Number));
    assert_eq!(kinds(Gaps::Mean), (20, 7, TargetKind::Number));
}

#[test]
fn gaps_are_left_out_or_filled_and_never_lost_without_a_word() {
    let text = "a,b,label\n1,2,x\nNA,5,y\n3,4,x\n5,,y\n7,6,\n";
    check(
        text,
        expect![[r#"
        3 rows of 5 cannot be used whole, the first because line 3 has 'NA' in a: leave such rows out, or fill the gaps
        [Leave 3 rows out: gaps:out]
        [Fill gaps with the mean: gaps:mean]"#]],
    );
    check_read(
        text,
        "gaps:out",
        expect![[r#"
        every sample is of class 'x': choose another target, or give two classes at least
        [Choose another target: out:3,gaps:out]"#]],
    );
    check_read(
        text,
        "gaps:mean",
        expect![[r#"
        a b -> x/y: [1.0, 2.0] -> 0; [3.0, 4.0] -> 0; [3.0, 5.0] -> 1; [5.0, 3.6666667] -> 1
        a (Number): 1 gap
        b (Number): 1 gap
        label (Classes): 1 gap
        1 row is left out.
        2 rows are filled with the mean of the training samples."#]],
    );
    // In the first row, too, with a header and without one.
    check_read(
        "NA,2,0\n3,4,1\n5,6,1\n",
        "gaps:out",
        expect![[r#"
        every sample is of class '1': choose another target, or give two classes at least
        [Choose another target: out:3,gaps:out]"#]],
    );
    check_read(
        ",2,0\n3,4,1\n5,6,1\n",
        "gaps:mean",
        expect![[r#"
        x1 x2 -> 0/1: [3.0, 4.0] -> 1; [4.0, 2.0] -> 0; [5.0, 6.0] -> 1
        column 1 (Number): 1 gap
        1 row is filled with the mean of the training samples."#]],
    );
    check_read(
        "?,NA,warm\n3,4,cold\n5,6,warm\n",
        "gaps:mean",
        expect![[r#"
        x1 x2 -> cold/warm: [3.0, 4.0] -> 0; [4.0, 5.0] -> 1; [5.0, 6.0] -> 1
        column 1 (Number): 1 gap
        column 2 (Number): 1 gap
        1 row is filled with the mean of the training samples."#]],
    );
    check(
        "a,b,c\n?,2,x\n3,4,y\n",
        expect![[r#"
        1 row of 2 cannot be used whole, the first because line 2 has '?' in a: leave such rows out, or fill the gaps
        [Leave 1 row out: gaps:out]
        [Fill gaps with the mean: gaps:mean]"#]],
    );
    // Words among numbers, numbers that are too large, and rows of another length.
    check(
        "a,b,label\n1,2,0\n3,oops,1\n5,6,1\n",
        expect![[r#"
        1 row of 3 cannot be used whole, the first because line 3 has 'oops' in b: leave such rows out, or fill the gaps
        [Leave 1 row out: gaps:out]
        [Fill gaps with the mean: gaps:mean]"#]],
    );
    check(
        "a,b\n1e39,1\n2,1.5\n3,2.5\n4,4\n",
        expect![[r#"
        1 row of 4 cannot be used whole, the first because line 2 has '1e39' in a: leave such rows out, or fill the gaps
        [Leave 1 row out: gaps:out]
        [Fill gaps with the mean: gaps:mean]"#]],
    );
    check(
        "a,b\n1,2.5\n3\n4,5,6\n7,8\n9,3\n",
        expect![[r#"
        2 rows of 5 cannot be used whole, the first because line 3 has more or fewer cells than most: leave such rows out, or fill the gaps
        [Leave 2 rows out: gaps:out]
        [Fill gaps with the mean: gaps:mean]"#]],
    );
    check_read(
        "a,b\n1,2.5\n3\n4,5,6\n7,8\n9,3\n",
        "gaps:mean",
        expect![[r#"
        a -> number: [1.0] -> 2.5; [7.0] -> 8; [9.0] -> 3
        2 rows are left out."#]],
    );
    check(
        "a,b\n1,2.5\n2,?\n",
        expect![[r#"
        1 row of 2 cannot be used whole, the first because line 3 has '?' in b: leave such rows out, or fill the gaps
        [Leave 1 row out: gaps:out]
        [Fill gaps with the mean: gaps:mean]"#]],
    );
    check_read(
        "a,b\n1,2.5\n2,?\n",
        "gaps:out",
        expect![[r#"
        1 of 2 rows are whole: two at least are needed
        [Fill gaps with the mean: gaps:mean]"#]],
    );
}

#[test]
fn gaps_are_filled_by_the_training_samples_alone() {
    let rows: String = (0..40)
        .map(|i| {
            format!(
                "{},{}\n",
                if i % 5 == 0 {
                    "NA".into()
                } else {
                    i.to_string()
                },
                i % 2
            )
        })
        .collect();
    let reading = read_with(|reading| reading.gaps = Gaps::Mean);
    let spec = DataSpec {
        test_share: 0.25,
        ..spec(&format!("a,label\n{rows}"), &reading)
    };
    let data = spec.generate(3).expect("a table");
    let is_given = |x: &&f32| x.fract() == 0.0;
    let (given, filled): (Vec<f32>, Vec<f32>) = data.x_train.iter().partition(|x| is_given(x));
    let mean = given.iter().sum::<f32>() / given.len() as f32;
    assert!(
        !filled.is_empty() && mean.fract() != 0.0,
        "this table tells the two apart"
    );
    assert!(
        filled.iter().all(|x| (x - mean).abs() < 1e-4),
        "{mean}: {filled:?}"
    );
    let (_, filled): (Vec<f32>, Vec<f32>) = data.x_test.iter().partition(|x| is_given(x));
    assert!(!filled.is_empty() && filled.iter().all(|x| (x - mean).abs() < 1e-4));
}

#[test]
fn a_straight_line_of_whole_numbers_is_not_seven_classes() {
    let line: String = (0..70)
        .map(|i| format!("{},{}\n", i % 7, 2 * (i % 7) + 1))
        .collect();
    let use_of = |text: &str| {
        let preview = CsvTable::from(text).preview(&Reading::default(), 0);
        let columns = preview.expect("a table").columns;
        columns
            .into_iter()
            .find(|column| column.is_target)
            .map(|column| (column.column_use, column.uses))
    };
    let both = vec![ColumnUse::Number, ColumnUse::Classes];
    assert_eq!(use_of(&line), Some((ColumnUse::Number, both.clone())));
    let few = "1,1\n2,2\n3,3\n4,4\n5,5\n6,6\n7,7\n";
    assert_eq!(use_of(few), Some((ColumnUse::Number, both.clone())));
    let grades: String = (0..70)
        .map(|i| format!("{},{}\n", (i * 37) % 11, i % 7))
        .collect();
    assert_eq!(use_of(&grades), Some((ColumnUse::Classes, both.clone())));
    assert_eq!(
        use_of(&format!("a,label\n{line}")),
        Some((ColumnUse::Classes, both))
    );
    // 17 kinds of whole numbers are no classes.
    let rows: String = (0..170)
        .map(|i| format!("{},{}\n", (i * 37) % 11, i % 17))
        .collect();
    assert_eq!(
        use_of(&rows),
        Some((ColumnUse::Number, vec![ColumnUse::Number]))
    );
}

#[test]
fn columns_are_chosen() {
    let text = "id,size,colour,price\n1,3.5,red,10.5\n2,4.5,blue,20.25\n3,4.25,red,15.5\n4,1.5,green,12.5\n";
    check(
        text,
        expect![
            "size colour=blue colour=green colour=red -> number: [1.5, 0.0, 1.0, 0.0] -> 12.5; [3.5, 0.0, 0.0, 1.0] -> 10.5; [4.25, 0.0, 0.0, 1.0] -> 15.5; [4.5, 1.0, 0.0, 0.0] -> 20.25"
        ],
    );
    check_read(
        text,
        "target:3",
        expect![
            "size price -> blue/green/red: [1.5, 12.5] -> 1; [3.5, 10.5] -> 2; [4.25, 15.5] -> 2; [4.5, 20.25] -> 0"
        ],
    );
    check_read(
        text,
        "out:2,class:1",
        expect![
            "id=1 id=2 id=3 id=4 colour=blue colour=green colour=red -> number: [0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0] -> 12.5; [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0] -> 15.5; [0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0] -> 20.25; [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0] -> 10.5"
        ],
    );
    check_read(
        text,
        "out:1-2-3",
        expect!["no column is left as an input: leave fewer columns out"],
    );
    check_read(
        text,
        "num:3",
        expect![[r#"
        colour holds words: take it as classes, or leave it out
        [Take it as classes: class:3]"#]],
    );
    check_read(
        text,
        "target:5",
        expect![[r#"
        there is no column 5: the table has 4
        [Begin anew: ]"#]],
    );
    check_read(
        text,
        "head:0",
        expect![[r#"
        1 row of 5 cannot be used whole, the first because line 1 has 'price' in column 4: leave such rows out, or fill the gaps
        [Leave 1 row out: head:0,gaps:out]
        [Fill gaps with the mean: head:0,gaps:mean]"#]],
    );
}

#[test]
fn odd_columns_are_noted() {
    let rows = |row: &dyn Fn(usize) -> String| -> String { (0..100).map(row).collect() };
    let notes = |text: &str| {
        let preview = CsvTable::from(text)
            .preview(&Reading::default(), 0)
            .expect("a table");
        let columns = preview.columns.iter().filter(|c| !c.notes.is_empty());
        let notes: Vec<String> = columns
            .map(|c| format!("{}: {}", c.name, c.notes.join(", ")))
            .collect();
        [notes, preview.notes].concat().join("\n")
    };
    let check = |text: &str, expect: Expect| expect.assert_eq(&notes(text));
    check(
        &rows(&|i| {
            format!(
                "5,{},{},{},{}\n",
                u8::from(i == 7),
                i + 1,
                (i * 37) % 11 * 100_000_000,
                i % 2
            )
        }),
        expect![[r#"
        column 1: constant: tells nothing
        column 2: nearly constant
        column 3: counts the rows: an id?
        column 4: values up to 1e9: standardize"#]],
    );
    check(
        "a,b\n1,2.5\n2,3.5\n4,5.25\n",
        expect!["3 samples only: enough to look at, too few to learn from."],
    );
    check(
        &rows(&|i| format!("name {i},{}.5,{}\n", (i * 7) % 13, i % 3)),
        expect!["column 1: more than 64 different texts"],
    );
}

#[test]
fn what_is_no_data_set_is_refused_by_one_message() {
    check(
        "",
        expect!["the table has no rows of samples: give two at least"],
    );
    check(
        "a,b,label\n",
        expect!["the table has no rows of samples: give two at least"],
    );
    check(
        "1\n2\n",
        expect![
            "the table has one column only: separate inputs and target by commas, semicolons, tabs or spaces"
        ],
    );
    check(
        "a,b\n1,2\n2,\"3\n",
        expect![[r#"
        line 3: a quote is opened here and never closed: close it, or take quotation marks as they are
        [Take quotation marks as they are: quotes:0]"#]],
    );
    check_read(
        "a,b\n1,2\n2,\"3\n3,4.5\n4,6.5",
        "quotes:0,gaps:out",
        expect![[r#"
        a -> number: [1.0] -> 2; [3.0] -> 4.5; [4.0] -> 6.5
        b (Number): 1 gap
        1 row is left out."#]],
    );
    check(
        "a,b\n1,cat\n2,cat\n",
        expect![[r#"
        every sample is of class 'cat': choose another target, or give two classes at least
        [Choose another target: out:2]"#]],
    );
    let names: Vec<String> = (0..17).map(|i| format!("1,c{i:02}")).collect();
    check(
        &format!("a,label\n{}", names.join("\n")),
        expect![[r#"
        label has more than 16 classes: choose another target, or merge classes
        [Choose another target: out:2]"#]],
    );
    let wide = format!("{}1.5\n", "1,".repeat(66));
    check(
        &wide.repeat(2),
        expect![[r#"
        66 inputs: use at most 64, leave columns out
        [Leave the last 2 columns out: out:65-66]"#]],
    );
    check(
        &format!("{}\n", "1,".repeat(2_000)),
        expect!["line 1 has more than 1,000 cells: write one sample a line"],
    );
    check(
        &"1,2.5\n".repeat(10_001),
        expect![[r#"
        10,001 samples: use at most 10,000, or as many of them evenly spread
        [Use 10,000 rows, evenly spread: thin:1]"#]],
    );
    check(
        "1,2.5\n",
        expect!["the table has no rows of samples: give two at least"],
    );
}

#[test]
fn more_rows_than_samples_are_thinned_evenly() {
    let text: String = (0..25_000)
        .map(|i| format!("{i},{}.5\n", i % 100))
        .collect();
    let reading = read_with(|reading| reading.is_thinned = true);
    let data = spec(&text, &reading).generate(1).expect("a table");
    assert_eq!(data.n_train(), 10_000);
    let mut x = data.x_train.clone();
    x.sort_by(f32::total_cmp);
    assert!(
        x.windows(2)
            .all(|pair| (2.0..=3.0).contains(&(pair[1] - pair[0])))
    );
    assert_eq!((x[0], x[9_999]), (0.0, 24_997.0));
}

#[test]
fn the_most_that_may_be_is_read() {
    for header in ["", "a,b\n"] {
        let text = format!("{header}1,2.5\n{}", "1,2\n".repeat(9_999));
        assert_eq!(
            spec(&text, &Reading::default())
                .generate(1)
                .expect("a table")
                .n_train(),
            10_000
        );
    }
}

/// Any of the choices, of columns that there may be.
fn reading() -> impl Strategy<Value = Reading> {
    let choice = prop_oneof![
        prop::sample::select(vec![
            "sep:tab",
            "sep:semicolon",
            "sep:comma",
            "sep:bar",
            "sep:spaces",
            "dec:point",
            "dec:comma",
            "head:0",
            "head:1",
            "quotes:0",
            "gaps:out",
            "gaps:mean",
            "thin:1",
        ])
        .prop_map(str::to_owned),
        (
            prop::sample::select(vec!["target", "out", "num", "class"]),
            1..6
        )
            .prop_map(|(name, n)| format!("{name}:{n}")),
    ];
    prop::collection::vec(choice, 0..4).prop_map(|choices| {
        let mut reading = Reading::default();
        for choice in choices {
            let (name, value) = choice.split_once(':').expect("written here");
            reading.set(name, value).expect("a choice");
        }
        reading
    })
}

/// Bytes that are like tables.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let text = "[-+0-9a,;|\t\"\r\n. e#?]{0,80}";
    let rows = prop::collection::vec(
        prop::collection::vec(
            "[0-9]{1,3}|[0-9],[0-9]|[0-9]\\.[0-9]|NA|\\?||ab|\"x,\n\"",
            3,
        ),
        0..8,
    );
    let table =
        (rows, prop::sample::select(vec![",", ";", "\t", "  "])).prop_map(|(rows, separator)| {
            let rows: Vec<String> = rows.iter().map(|row| row.join(separator)).collect();
            rows.join("\n").into_bytes()
        });
    prop_oneof![
        3 => text.prop_map(String::into_bytes),
        3 => table,
        1 => prop::collection::vec(any::<u8>(), 0..60),
    ]
}

proptest! {
    #[test]
    fn nothing_that_is_dropped_panics(bytes in bytes(), reading in reading(), seed: u32) {
        let (text, _) = decode(&bytes);
        let spec = DataSpec { test_share: 0.3, standardize: true, ..spec(&text, &reading) };
        let preview = CsvTable::from(&*text).preview(&reading, 5);
        match spec.generate(seed) {
            Ok(data) => {
                prop_assert_eq!(data.x_train.len(), data.n_train() * data.n_inputs);
                prop_assert!(data.n_train() >= 1);
                prop_assert!(data.x_train.iter().chain(&data.y_train).all(|v| v.is_finite()));
                let outcome = preview.expect("a table").outcome.expect("samples");
                prop_assert_eq!(outcome.n_samples, data.n_train() + data.n_test());
                prop_assert_eq!(outcome.n_inputs, data.n_inputs);
            }
            Err(error) => {
                let found = preview.map(|preview| preview.outcome.map(|_| ()));
                let found = found.and_then(|outcome| outcome);
                prop_assert_eq!(found.expect_err("refused").to_string(), error.to_string());
            }
        }
        // A press that is offered leads on.
        if let Ok(preview) = CsvTable::from(&*text).preview(&reading, 0)
            && let Err(error) = preview.outcome
        {
            for mend in error.mends(&reading) {
                prop_assert_ne!(&mend.reading, &reading, "{}: {}", error, mend.label);
            }
        }
    }
}
