// Mentions over time. An hour nobody watched is hatched, never a zero.
import { byId, el, swap, table, tame } from "./dom.js";
import { known, number, percent, platformName, plural } from "./words.js";
import { inFuture } from "./times.js";

const light = { ink: "#1d2733", faint: "#5a6675", line: "#d5dbe2", ground: "#ffffff", hatch: "#8793a1", cover: "#8a97a6", dark: false };
const night = { ink: "#e4e9ef", faint: "#a3afbd", line: "#36414e", ground: "#161c23", hatch: "#6b7888", cover: "#7f8c9b", dark: true };

// A platform keeps its colour whichever others are there. [light, dark]
const colours = {
  mastodon: ["#4f46b8", "#a8a2f5"], bluesky: ["#0a72b5", "#63b4ee"], youtube: ["#b4301f", "#f08d7e"], feed: ["#8a5a00", "#e0b252"],
  lemmy: ["#0b7565", "#4fc4ae"], misskey: ["#5d7a0c", "#b0cf5a"], peertube: ["#b0480f", "#f2a06b"], telegram: ["#a32a70", "#ee92c4"],
};
const spare = [["#475569", "#a9b6c6"], ["#7a3ea0", "#cf9cf0"], ["#356b3a", "#86c98c"], ["#7c4a3a", "#d6a594"]];

let chart = null;
let latest = null;
let tableOnly = false;

/// The chart follows the window's width, the colour scheme and the printer; paper is always light.
export function chartMayChange() {
  tableOnly = typeof globalThis.echarts === "undefined";
  byId("chart-missing").hidden = !tableOnly;
  if (tableOnly) {
    byId("timeline-details").open = true;
    return;
  }
  new ResizeObserver(() => chart?.resize()).observe(byId("chart"));
  scheme.addEventListener("change", () => latest && drawChart(latest));
  addEventListener("beforeprint", () => latest && drawChart(latest, light));
  addEventListener("afterprint", () => latest && drawChart(latest));
}

const scheme = matchMedia("(prefers-color-scheme: dark)");

export function showTimeline(body) {
  latest = read(body);
  byId("timeline-lead").textContent = lead(latest);
  swap(byId("timeline-table"), numbers(latest));
  if (!tableOnly) drawChart(latest);
}

const unwatched = "not watched";

/// One row a bucket: what each platform counted, whether anybody watched, how much of it was covered.
function read({ bucket, zone, starts_utc, labels, series, coverage }) {
  const buckets = starts_utc.map((start, at) => {
    const counts = series.map(({ mentions }) => mentions[at] ?? null);
    const reasons = series.map(({ unknown }) => tame(unknown[at] ?? ""));
    const covered = coverage[at] ?? null;
    const secret = reasons.find((why) => why && why !== unwatched) ?? null; // read, and not to be told, or not any more
    const watched = counts.some(known) || secret !== null;
    return { label: tame(labels[at]), counts, reasons, covered, secret, watched, ahead: !watched && inFuture(start), partly: watched && (reasons.includes(unwatched) || (known(covered) && covered < 1)) };
  });
  return { unit: bucket === "day" ? "day" : "hour", zone: tame(zone), platforms: series.map(({ platform }) => platform), buckets };
}

const total = ({ counts }) => counts.reduce((sum, n) => sum + (n ?? 0), 0);

function lead({ unit, zone, buckets }) {
  const dark = buckets.filter(({ watched, ahead }) => !watched && !ahead).length;
  const partly = buckets.filter((bucket) => bucket.partly).length;
  const gaps = dark || partly
    ? `Of ${plural(buckets.length, unit)}, ${number(dark)} ${dark === 1 ? "was" : "were"} not watched (hatched) and ${number(partly)} only in part.`
    : "Every one was watched throughout.";
  return `Mentions per ${unit}, by platform, in ${zone} time. ${gaps} What was not watched is not zero.`;
}

function numbers({ unit, platforms, buckets }) {
  const columns = [{ title: unit === "day" ? "Day" : "Hour" }, ...platforms.map((name) => ({ title: tame(platformName(name)), number: true })),
    { title: "All that was watched", number: true }, { title: "Covered", number: true }];
  const rows = buckets.map((bucket) => [
    bucket.label, ...bucket.counts.map((n, k) => cell(n, bucket, bucket.reasons[k])),
    cell(bucket.watched && !bucket.secret ? total(bucket) : null, bucket, bucket.secret),
    known(bucket.covered) ? percent(bucket.covered) : cell(null, bucket),
  ]);
  return table(`Mentions per ${unit} and platform`, columns, rows);
}

function cell(n, { ahead }, why) {
  return known(n) ? number(n) : el("span", { class: "unknown" }, ahead ? "still to come" : why || unwatched);
}

function colourOf(name, at, palette) {
  const pair = Object.hasOwn(colours, name) ? colours[name] : spare[at % spare.length];
  return pair[palette.dark ? 1 : 0];
}

/// A repeating tile of slanted lines: what was not watched.
function hatching(palette) {
  const tile = el("canvas", { width: 8, height: 8 });
  const pen = tile.getContext("2d");
  pen.strokeStyle = palette.hatch;
  pen.lineWidth = 1.2;
  for (const shift of [-8, 0, 8]) {
    pen.moveTo(shift, 8);
    pen.lineTo(shift + 8, 0);
  }
  pen.stroke();
  return { image: tile, repeat: "repeat" };
}

function drawChart(data, palette = scheme.matches ? night : light) {
  const box = byId("chart");
  box.hidden = false;
  box.setAttribute("aria-label", spoken(data));
  chart ??= globalThis.echarts.init(box, null, { renderer: "canvas" });
  chart.setOption(option(data, palette), { notMerge: true });
}

function spoken({ unit, buckets }) {
  const most = buckets.reduce((best, bucket) => (total(bucket) > total(best) ? bucket : best), buckets[0]);
  const dark = buckets.filter(({ watched, ahead }) => !watched && !ahead).length;
  const peak = most && total(most) > 0 ? `Most in one ${unit}: ${number(total(most))}, at ${most.label}.` : "No mention in what was watched.";
  return `Bar chart of mentions per ${unit} and platform. ${peak} ${plural(dark, unit)} not watched. The table below holds every number.`;
}

function option(data, palette) {
  const labels = data.buckets.map(({ label }) => label);
  const quiet = { axisLine: { lineStyle: { color: palette.line } }, axisTick: { show: false } };
  const words = { color: palette.faint, fontFamily: "system-ui, sans-serif", fontSize: 12 };
  const category = (grid, more) => ({ type: "category", data: labels, gridIndex: grid, ...quiet, ...more });
  const hidden = { axisLabel: { show: false }, axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: false } };
  return {
    animation: false,
    textStyle: { color: palette.ink },
    aria: { enabled: false },
    grid: [{ left: 48, right: 12, top: 48, bottom: 62 }, { left: 48, right: 12, height: 20, bottom: 32 }],
    legend: { top: 0, left: 0, selectedMode: false, itemWidth: 14, itemHeight: 10, textStyle: { color: palette.ink, fontSize: 13 }, type: "scroll", pageTextStyle: { color: palette.ink }, pageIconColor: palette.ink },
    tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" }, confine: true, backgroundColor: palette.ground, borderColor: palette.line, textStyle: { color: palette.ink, fontSize: 13 }, formatter: ([first]) => explain(data, first.dataIndex) },
    axisPointer: { link: [{ xAxisIndex: "all" }] },
    xAxis: [category(0, { axisLabel: { show: false } }), category(0, hidden), category(1, { axisLabel: { ...words, hideOverlap: true } })],
    yAxis: [
      { type: "value", minInterval: 1, max: ({ max }) => (max < 4 ? 4 : null), axisLabel: { ...words, formatter: (n) => number(n) }, splitLine: { lineStyle: { color: palette.line } } },
      { type: "value", max: 1, ...hidden },
      { type: "value", max: 1, gridIndex: 1, ...hidden },
    ],
    series: [...bars(data, palette), gaps(data, palette), cover(data, palette)],
  };
}

function bars({ platforms, buckets }, palette) {
  return platforms.map((name, at) => ({
    type: "bar", name: tame(platformName(name)), stack: "mentions", barMaxWidth: 40,
    itemStyle: { color: colourOf(name, at, palette), borderColor: palette.ground, borderWidth: buckets.length > 100 ? 0 : 0.5 },
    data: buckets.map(({ counts }) => (known(counts[at]) ? counts[at] : "-")),
  }));
}

/// Full-height hatching on axes of its own, so that it takes no room beside the bars.
function gaps({ buckets }, palette) {
  return {
    type: "bar", name: "Not watched", xAxisIndex: 1, yAxisIndex: 1, barWidth: "100%", silent: true, z: 1,
    itemStyle: { color: hatching(palette) },
    data: buckets.map(({ watched, ahead }) => (watched || ahead ? "-" : 1)),
  };
}

function cover({ buckets }, palette) {
  return {
    type: "bar", name: "Share of time covered", xAxisIndex: 2, yAxisIndex: 2, barWidth: "80%",
    itemStyle: { color: palette.cover }, data: buckets.map(({ covered }) => (known(covered) ? covered : "-")),
  };
}

function explain({ platforms, buckets }, at) {
  const bucket = buckets[at];
  if (bucket.ahead) return `${bucket.label}\nstill to come`;
  if (!bucket.watched) return `${bucket.label}\nnot watched; this is not zero`;
  const lines = platforms.map((name, k) => `${tame(platformName(name), 40)}: ${known(bucket.counts[k]) ? number(bucket.counts[k]) : bucket.reasons[k] || unwatched}`);
  return [bucket.label, ...lines, `covered: ${known(bucket.covered) ? percent(bucket.covered) : "unknown"}`].join("\n");
}
