/* Charts drawn from the table inside their own <figure>, so that chart, table, CSV and print cannot disagree.
   Canvas renderer with richText tooltips: HTML tooltips would write style= and the CSP would drop it. */
(() => {
  'use strict';
  const root = document.documentElement;
  const css = (name, box) => getComputedStyle(box || root).getPropertyValue(name).trim();
  const group = value => Number(value).toLocaleString('en-US');

  function readTable(figure) {
    const table = figure.querySelector('table');
    const head = Array.from(table.tHead.rows[0].cells, cell => cell.textContent.trim());
    const rows = Array.from(table.tBodies[0].rows, row => Array.from(row.cells, cell => cell.dataset.v !== undefined ? cell.dataset.v : cell.textContent.trim()));
    const number = text => text === '' || text === '—' ? null : Number(String(text).replace('−', '-').replace(/[^\d.-]/g, ''));
    return { labels: rows.map(row => row[0]), series: head.slice(1).map((name, at) => ({ name, values: rows.map(row => number(row[at + 1])) })) };
  }

  function ground(plot) {
    const text = css('--c-ink-2', plot), line = css('--c-line', plot), size = 13 * parseFloat(getComputedStyle(root).fontSize) / 16;
    const font = { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: size, color: text };
    return {
      text, line, size,
      option: {
        animationDuration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 200,
        textStyle: font,
        color: [1, 2, 3, 4, 5, 6].map(at => css(`--chart-${at}`, plot)),
        grid: { left: 4, right: 12, top: 40, bottom: 4, containLabel: true },
        legend: { type: 'scroll', top: 0, left: 0, right: 0, itemWidth: 12, itemHeight: 12, itemGap: 16, textStyle: font, pageTextStyle: font, pageIconColor: text },
        tooltip: { trigger: 'axis', renderMode: 'richText', confine: true, backgroundColor: css('--c-raised', plot), borderColor: line, textStyle: font, axisPointer: { type: 'shadow' } },
      },
      category: (data, extra) => ({ type: 'category', data, axisTick: { show: false }, axisLine: { lineStyle: { color: line } }, axisLabel: { color: text, fontSize: size, hideOverlap: true }, ...extra }),
      value: extra => ({ type: 'value', splitNumber: 4, splitLine: { lineStyle: { color: line } }, axisLabel: { color: text, fontSize: size, formatter: group }, ...extra }),
    };
  }

  const kinds = {
    stack: (data, base, plot) => ({
      ...base.option, xAxis: base.category(data.labels), yAxis: base.value({ minInterval: 1 }),
      series: data.series.map((one, at) => ({
        name: one.name, type: 'bar', stack: 'all', data: one.values, barMaxWidth: 34,
        itemStyle: { borderColor: css('--c-surface', plot), borderWidth: 1, borderRadius: at === data.series.length - 1 ? [3, 3, 0, 0] : 0 },
      })),
    }),
    bars: (data, base) => ({
      ...base.option, xAxis: base.category(data.labels), yAxis: base.value(),
      series: data.series.map(one => ({ name: one.name, type: 'bar', data: one.values, barMaxWidth: 26, itemStyle: { borderRadius: [3, 3, 0, 0] } })),
    }),
    keepdrop(data, base, plot) {
      const { mark, markLabel } = plot.closest('figure').dataset, [cost, gain] = data.series;
      const line = { symbol: 'none', lineStyle: { color: css('--c-ink-3', plot), type: 'dashed', width: 1.5 }, label: { formatter: markLabel, position: 'end', color: css('--c-ink', plot), fontSize: base.size, fontWeight: 600 }, data: [{ xAxis: mark }] };
      return {
        ...base.option, xAxis: base.category(data.labels), yAxis: base.value(), grid: { ...base.option.grid, right: 16, top: 66 },
        legend: { ...base.option.legend, data: [cost.name, gain.name] },
        tooltip: { ...base.option.tooltip, formatter: items => items[0].axisValue + items.filter(item => item.seriesName !== 'halo').map(item => `\n${item.seriesName}  ${group(item.value)}`).join('') },
        series: [
          { name: cost.name, type: 'bar', data: cost.values, barMaxWidth: 26, itemStyle: { color: css('--chart-1', plot), borderRadius: [3, 3, 0, 0] }, label: { show: plot.clientWidth > 560, position: 'top', color: base.text, fontSize: base.size, formatter: item => group(item.value) }, markLine: mark ? line : undefined },
          { name: 'halo', type: 'line', data: gain.values, silent: true, symbol: 'none', z: 3, lineStyle: { width: 7, color: css('--c-surface', plot) } },
          { name: gain.name, type: 'line', data: gain.values, z: 4, symbol: 'circle', symbolSize: 11, lineStyle: { width: 2.5, color: css('--chart-3', plot) }, itemStyle: { color: css('--chart-3', plot), borderColor: css('--c-surface', plot), borderWidth: 2 } },
        ],
      };
    },
    funnel(data, base, plot) {
      const first = data.series[0].values[0] || 1;
      return {
        ...base.option, legend: { show: false }, grid: { left: 16, right: 96, top: 4, bottom: 0, containLabel: true },
        xAxis: { type: 'value', show: false, max: first }, yAxis: base.category(data.labels, { inverse: true, axisLine: { show: false } }),
        series: [{ name: data.series[0].name, type: 'bar', data: data.series[0].values, barWidth: '62%', showBackground: true, backgroundStyle: { color: css('--c-sunken', plot) }, itemStyle: { color: css('--chart-1', plot), borderRadius: [0, 3, 3, 0] },
          label: { show: true, position: 'right', color: css('--c-ink', plot), fontSize: base.size, formatter: item => `${group(item.value)} (${Math.round(item.value / first * 100)}%)` } }],
      };
    },
    lines: (data, base) => ({
      ...base.option, xAxis: base.category(data.labels, { boundaryGap: false }), yAxis: base.value(), grid: { ...base.option.grid, right: 20 },
      series: data.series.map((one, at) => ({ name: one.name, type: 'line', data: one.values, symbol: ['circle', 'rect', 'triangle', 'diamond'][at], symbolSize: 8, showSymbol: true, showAllSymbol: true, lineStyle: { width: 2.5, type: ['solid', 'dashed', 'dotted', 'solid'][at] } })),
    }),
    radar: (data, base) => ({
      ...base.option, tooltip: undefined,
      radar: { indicator: data.labels.map(name => ({ name, max: 100 })), radius: '60%', center: ['50%', '56%'], axisName: { color: base.text, fontSize: base.size }, splitLine: { lineStyle: { color: base.line } }, axisLine: { lineStyle: { color: base.line } }, splitArea: { show: false } },
      series: [{ type: 'radar', data: data.series.map((one, at) => ({ name: one.name, value: one.values, symbol: ['circle', 'rect'][at], symbolSize: 6, lineStyle: { width: 2.5, type: ['solid', 'dashed'][at] }, areaStyle: at ? undefined : { opacity: .14 } })) }],
    }),
  };

  const drawn = [];
  function draw() {
    drawn.splice(0).forEach(chart => chart.dispose());
    document.querySelectorAll('figure[data-chart]').forEach(figure => {
      const plot = figure.querySelector('.ip-plot'), table = figure.querySelector('details');
      if (plot.hidden) { /* the first drawing: without script the table stays open in place of the chart */
        plot.hidden = false;
        table.open = table.hasAttribute('data-keep');
      }
      if (!plot.clientWidth) return;
      const chart = window.echarts.init(plot, null, { renderer: 'canvas' });
      chart.setOption(kinds[figure.dataset.chart](readTable(figure), ground(plot), plot));
      drawn.push(chart);
    });
  }

  const save = (name, url) => { const link = document.createElement('a'); link.href = url; link.download = name; link.click(); };
  document.addEventListener('click', event => {
    const button = event.target.closest('[data-save]');
    if (!button) return;
    const figure = button.closest('figure'), name = figure.querySelector('h2, h3, h4').textContent.trim();
    if (button.dataset.save === 'png') {
      save(`${name}.png`, window.echarts.getInstanceByDom(figure.querySelector('.ip-plot')).getDataURL({ pixelRatio: 2, backgroundColor: css('--c-surface', figure) }));
      return;
    }
    const safe = text => (/^[=+\-@\t\r＝＋－＠]/.test(text) && isNaN(text) ? `'${text}` : text).replace(/"/g, '""');
    const lines = Array.from(figure.querySelectorAll('tr'), row => Array.from(row.cells, cell => `"${safe(cell.dataset.v ?? cell.textContent.trim())}"`).join(','));
    save(`${name}.csv`, URL.createObjectURL(new Blob(['\ufeff' + lines.join('\r\n')], { type: 'text/csv' })));
  });

  let timer, width = innerWidth;
  addEventListener('resize', () => { if (innerWidth === width) return; width = innerWidth; clearTimeout(timer); timer = setTimeout(draw, 150); });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  new MutationObserver(draw).observe(root, { attributes: true, attributeFilter: ['data-bs-theme', 'data-text'] });
  window.portalCharts = draw;
  draw();
})();
