//! Draws the time for each of 10³ to 10⁶ tasks and timers, with glibc's allocator.

use crate::figures::Figures;
use plotters::coord::combinators::WithKeyPoints;
use plotters::prelude::*;
use std::fs;
use std::path::Path;

/// How the names of a picture's rows begin, and its title. The names end with `1e3` to `1e6`.
const PICTURES: [(&str, &str); 2] =
    [("spawn-join", "spawn and join: ns a task"), ("timers", "set and cancel: ns a timer")];

/// Each column with its name in the picture, and its colour.
const COLUMNS: [(&str, &str, RGBColor); 5] = [
    ("tiny", "tiny-runtime", RGBColor(0xd9, 0x48, 0x0f)),
    ("tokio", "Tokio", RGBColor(0x1c, 0x7e, 0xd6)),
    ("smol", "smol", RGBColor(0x2f, 0x9e, 0x44)),
    ("executor", "async-executor", RGBColor(0x9c, 0x36, 0xb5)),
    ("futures", "futures", RGBColor(0x86, 0x8e, 0x96)),
];

type Line = Vec<(f64, f64)>;

/// Draws `figures.svg` beside the README. Does nothing if not all of it was measured.
pub fn draw(readme: &str, figures: &[Figures]) -> Result<(), String> {
    let Some(figures) = figures.iter().find(|figures| figures.allocator == 0) else {
        return Ok(());
    };
    let pictures =
        PICTURES.map(|(rows, _)| COLUMNS.map(|(column, ..)| line(figures, rows, column)));
    if pictures.iter().any(|lines| lines[0].len() < 4) {
        return Ok(());
    }
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (880, 320)).into_drawing_area();
        for ((lines, (_, title)), half) in
            pictures.iter().zip(PICTURES).zip(area.split_evenly((1, 2)))
        {
            picture(&half, title, lines).map_err(|error| format!("the plot: {error}"))?;
        }
        area.present().map_err(|error| format!("the plot: {error}"))?;
    }
    let path = Path::new(readme).with_file_name("figures.svg");
    fs::write(&path, on_light_and_dark(&svg))
        .map_err(|error| format!("{}: {error}", path.display()))
}

fn line(figures: &Figures, rows: &str, column: &str) -> Line {
    let point = |exponent: i32| {
        let name = format!("{rows}-1e{exponent}");
        let row = figures.rows.iter().find(|measured| measured.row == name)?;
        Some((10_f64.powi(exponent), row.cell(column)?.time))
    };
    (3..=6).filter_map(point).collect()
}

fn picture<B: DrawingBackend>(
    area: &DrawingArea<B, plotters::coord::Shift>,
    title: &str,
    lines: &[Line],
) -> Result<(), DrawingAreaErrorKind<B::ErrorType>> {
    let times = || lines.iter().flatten().map(|(_, time)| *time);
    let (low, high) = (times().fold(f64::MAX, f64::min) / 1.5, times().fold(0.0, f64::max) * 1.5);
    let text = ("sans-serif", 13).into_font().color(&TEXT);
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 15).into_font().color(&TEXT))
        .margin(12)
        .margin_right(110)
        .x_label_area_size(24)
        .y_label_area_size(48)
        .build_cartesian_2d((1e3..1e6).log_scale(), heights(low, high))?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID)
        .axis_style(GRID)
        .label_style(text.clone())
        .x_labels(4)
        .x_label_formatter(&|count: &f64| {
            format!("10{}", ["³", "⁴", "⁵", "⁶"][count.log10() as usize - 3])
        })
        .y_labels(9)
        .y_label_formatter(&|time| format!("{time:.0}"))
        .draw()?;
    // The first column on top of the others.
    for (line, (.., colour)) in lines.iter().zip(COLUMNS).rev() {
        chart.draw_series(LineSeries::new(line.clone(), colour.stroke_width(2)))?;
    }
    for (at, name, colour) in names(lines, (high / low).powf(1.0 / 17.0)) {
        let label = ("sans-serif", 13).into_font().color(&colour);
        let text = EmptyElement::at((1e6, at)) + Text::new(name, (6, -6), label);
        chart.plotting_area().draw(&text)?;
    }
    Ok(())
}

/// Returns the height of each line's name, from below: at the end of its line, and none over another. The
/// next one is at least `apart` times as high.
fn names(lines: &[Line], apart: f64) -> Vec<(f64, &'static str, RGBColor)> {
    let end = |(line, (_, name, colour)): (&Line, _)| Some((line.last()?.1, name, colour));
    let mut names: Vec<_> = lines.iter().zip(COLUMNS).filter_map(end).collect();
    names.sort_by(|(one, ..), (other, ..)| one.total_cmp(other));
    let mut lowest = 0.0;
    for (at, ..) in &mut names {
        *at = at.max(lowest);
        lowest = *at * apart;
    }
    names
}

/// Returns a logarithmic axis: twice as much is the same distance everywhere.
fn heights(low: f64, high: f64) -> WithKeyPoints<LogCoord<f64>> {
    let steps = [1e1, 1e2, 1e3, 1e4].iter().flat_map(|ten| [1.0, 2.0, 5.0].map(|one| one * ten));
    let points = steps.filter(|step| (low..high).contains(step)).collect();
    LogCoord::from((low..high).log_scale()).with_key_points(points)
}

const TEXT: RGBColor = RGBColor(0x33, 0x33, 0x33);
const GRID: RGBColor = RGBColor(0xdd, 0xdd, 0xdd);

/// A reader whose page is dark gets other colours for text and grid.
fn on_light_and_dark(svg: &str) -> String {
    let style = "<style>@media (prefers-color-scheme: dark) { [fill=\"#333333\"] { fill: #cccccc } \
                 [stroke=\"#DDDDDD\"] { stroke: #444444 } }</style>\n";
    let head = svg.find('>').map_or(0, |end| end + 1);
    format!("{}\n{style}{}", &svg[..head], svg[head..].trim_start())
}
