// Draws what the data element of the page holds: docs/BENCH.md says what is in it.
'use strict';
(() => {
  const results = JSON.parse(document.getElementById('data').textContent);
  const COLOURS = ['--c1', '--c2', '--c3', '--c4', '--c5', '--c6', '--c7', '--c8'];
  // Colour is never the only sign.
  const DASHES = [undefined, [6, 3], [2, 3], [8, 3, 2, 3]];
  const HEIGHT = 220;
  const drawn = [];

  const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const titleOf = one => [one.scenario, ...Object.entries(one.parameters).map(([name, value]) => `${name} ${value}`)].join(', ');
  const decimal = value => value === null || value === undefined ? '–'
    : value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 0 });

  function element(name, text, parent) {
    const made = document.createElement(name);
    made.textContent = text;
    parent.append(made);
    return made;
  }

  /** One plot: `along` are the places of the points, `lines` their values by name. */
  function plot(parent, caption, along, lines, { xLabel = 's', ofX = decimal, log = false, marks = [] } = {}) {
    const names = Object.keys(lines).filter(name => lines[name].some(value => value !== null && value !== undefined));
    if (along.length < 2 || names.length === 0) return;
    const figure = element('figure', '', parent);
    element('figcaption', caption, figure);
    const box = element('div', '', figure);
    const draw = () => {
      const grid = { stroke: colour('--line'), width: 1 };
      const made = new uPlot({
        width: Math.max(200, box.clientWidth), height: HEIGHT,
        scales: { x: { time: false, distr: log ? 3 : 1 }, y: { range: (_, low, high) => [0, Math.max(high ?? 1, 1e-9) * 1.1] } },
        axes: [
          { stroke: colour('--soft'), grid, space: 60, values: (_, ticks) => ticks.map(tick => tick === null ? '' : ofX(tick)) },
          { stroke: colour('--soft'), grid, size: 70, values: (_, ticks) => ticks.map(decimal) },
        ],
        series: [
          { label: xLabel, value: (_, value) => value === null || value === undefined ? '–' : ofX(value) },
          ...names.map((name, i) => ({
            label: name, stroke: colour(COLOURS[i % COLOURS.length]), width: 1.5, spanGaps: true, dash: DASHES[i % DASHES.length],
            value: (_, value) => decimal(value),
          })),
        ],
        hooks: { draw: [made => marks.forEach((mark, i) => stroke(made, mark, i + 1))] },
      }, [along, ...names.map(name => lines[name].map(value => value ?? null))], box);
      return () => made.destroy();
    };
    drawn.push({ box, draw, close: draw() });
  }

  /** A mark as a dotted line with its number, which the list beside the plots explains. */
  function stroke(made, mark, number) {
    const { ctx, bbox } = made;
    const x = made.valToPos(mark.seconds, 'x', true);
    if (!(x >= bbox.left && x <= bbox.left + bbox.width)) return;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = colour('--soft');
    ctx.setLineDash([2, 3]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.textAlign = 'left';
    ctx.textBaseline = 'top';
    ctx.fillText(String(number), x + 3, bbox.top + 2);
    ctx.restore();
  }

  /** How late, by percentile: the first run of each measurement, all in one plot. */
  function percentiles(parent, measurements) {
    const measured = measurements.filter(one => one.runs[0].percentiles.length > 0);
    if (measured.length === 0) return;
    // 90 % is 10, 99 % is 100: one in so many is later.
    const place = percentile => 100 / (100 - percentile);
    const points = measured.map(one => one.runs[0].percentiles.filter(point => point.percentile < 100));
    const along = [...new Set(points.flat().map(point => place(point.percentile)))].sort((a, b) => a - b);
    const lines = {};
    measured.forEach((one, i) => {
      const values = new Map(points[i].map(point => [place(point.percentile), point.ms]));
      lines[titleOf(one)] = along.map(x => values.get(x) ?? null);
    });
    const ofX = x => `${+(100 - 100 / x).toFixed(4)} %`;
    plot(parent, 'How late rows are, ms, by percentile', along, lines, { xLabel: 'percentile', ofX, log: true });
  }

  function overTime(parent, run) {
    const late = run.latency;
    plot(parent, 'How late rows are, ms, by the second in which the event was due', late.map(one => one.second),
      { p50: late.map(one => one.p50_ms), p99: late.map(one => one.p99_ms), highest: late.map(one => one.max_ms) });
    const time = run.timeline;
    const marks = run.marks ?? [];
    if (marks.length > 0) {
      const list = element('ol', '', parent);
      for (const mark of marks) element('li', `${decimal(mark.seconds)} s: ${mark.text}`, list);
    }
    const along = time.map(one => one.seconds);
    plot(parent, 'Throughput, a second', along,
      { acknowledged: time.map(one => one.produced_per_second), rows: time.map(one => one.rows_per_second) }, { marks });
    plot(parent, 'Lag, records', along, { lag: time.map(one => one.lag) }, { marks });
    const services = [...new Set(time.flatMap(one => Object.keys(one.cores)))];
    plot(parent, 'Cores kept busy', along,
      Object.fromEntries(services.map(service => [service, time.map(one => one.cores[service] ?? null)])));
  }

  const plots = document.getElementById('plots');
  const first = element('div', '', plots);
  first.className = 'grid';
  percentiles(first, results.measurements);
  for (const measurement of results.measurements) {
    for (const run of measurement.runs) {
      const ofRun = measurement.runs.length > 1 ? `, run ${run.number}` : '';
      element('h2', titleOf(measurement) + ofRun, plots);
      const grid = element('div', '', plots);
      grid.className = 'grid';
      overTime(grid, run);
    }
  }

  const redraw = () => { for (const one of drawn) { one.close(); one.close = one.draw(); } };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  addEventListener('resize', redraw);
})();
