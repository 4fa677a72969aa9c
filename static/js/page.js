/* Behaviour of every page. All of it is an addition: without this file forms post, disclosures open, tables show.
   Words come from the page (data attributes), sizes from CSS. Written for style-src 'self' and script-src 'self'. */
(() => {
  'use strict';
  const root = document.documentElement;
  root.classList.add('js');
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const meta = name => document.querySelector(`meta[name="${name}"]`)?.content || '';
  const say = text => { const box = document.getElementById('say'); if (box) box.textContent = text; };
  const icon = name => `${meta('portal-icons')}#i-${name}`;
  const setIcon = (box, name) => box.querySelector('use')?.setAttribute('href', icon(name));
  const typing = target => target.closest('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]');

  /* ---- theme: with "auto" the button leads away from what the system shows ---- */
  const isDark = () => root.dataset.bsTheme === 'dark' || (root.dataset.bsTheme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  if (root.dataset.bsTheme === 'auto' && isDark()) all('button[name=theme]').forEach(button => { button.value = 'light'; });

  /* ---- keys: "/" search, Escape closes ---- */
  const floating = 'details.ip-basis[open], details.ip-menu[open], details.ip-pick[open]';
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '/' && !typing(event.target)) {
      const box = document.querySelector('[data-search]');
      if (box?.offsetParent) { event.preventDefault(); box.focus(); box.select(); }
    }
    if (event.key === 'Escape') {
      const open = all(floating).filter(box => box.contains(event.target) || !event.target.closest(floating));
      open.forEach(box => { box.open = false; if (box.contains(event.target)) box.querySelector('summary').focus(); });
      if (location.hash === '#ip-side') { location.hash = '#main'; document.querySelector('.ip-menu-btn')?.focus(); }
    }
  });
  document.addEventListener('click', event => {
    all(floating).forEach(box => { if (!box.contains(event.target)) box.open = false; });
    const close = event.target.closest('[data-close]');
    if (close) { const box = close.closest('[data-toast]'); box.remove(); document.getElementById('main')?.focus(); }
  });
  addEventListener('beforeprint', () => all('details:not([open])').forEach(box => { box.open = true; box.dataset.printed = ''; }));
  addEventListener('afterprint', () => all('details[data-printed]').forEach(box => { box.open = false; delete box.dataset.printed; }));

  /* ---- forms: sent once, a refused button stays refused, the error summary takes the focus ---- */
  document.addEventListener('click', event => {
    const refused = event.target.closest('[aria-disabled=true]');
    if (refused) { event.preventDefault(); say(document.getElementById(refused.getAttribute('aria-describedby'))?.textContent.trim() || ''); }
  }, true);
  document.addEventListener('click', event => { if (event.target.closest('[data-by-script]')) event.preventDefault(); });
  document.addEventListener('submit', event => {
    const form = event.target;
    if (!form.matches('[data-once]')) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    all('button[type=submit], button:not([type])', form).forEach(button => button.setAttribute('aria-busy', 'true'));
    setTimeout(() => { if (!form.dataset.uploading) release(form); }, 15000);
  });
  const release = form => { delete form.dataset.sent; all('[aria-busy]', form).forEach(button => button.removeAttribute('aria-busy')); };
  addEventListener('pageshow', event => { if (event.persisted) all('form[data-sent]').forEach(release); });
  const focusErrors = within => within.querySelector('[data-focus]')?.focus();
  document.addEventListener('click', event => {
    const link = event.target.closest('.ip-errsum a[href^="#"]');
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    (field.matches('input, select, textarea') ? field : field.querySelector('input, select, textarea') || field).focus();
    field.closest('.ip-field')?.scrollIntoView({ block: 'center' });
  });

  /* ---- autosave: one second after the last change ---- */
  function autosave(form) {
    const mark = form.querySelector('[data-saved]') || document.querySelector('[data-saved]');
    const conflict = form.querySelector('[data-conflict]');
    const typed = new Set();  // with data-typed only the fields one has touched are saved, and their names are sent
    let timer, running = false, again = false, wait = 4000;
    const show = (state, time = '') => {
      if (!mark) return;
      mark.hidden = false;
      mark.classList.toggle('is-wait', state === 'failed' || state === 'conflict');
      setIcon(mark, { saved: 'cloud-check', saving: 'cloud-upload' }[state] || 'cloud-off');
      mark.querySelector('span').textContent = (mark.dataset[`text${state[0].toUpperCase()}${state.slice(1)}`] || '').replace('{time}', time);
    };
    async function send() {
      if (running) { again = true; return; }
      running = true;
      show('saving');
      const data = new FormData(form);
      for (const [name, value] of Array.from(data.entries())) if (value instanceof File) data.delete(name);
      if ('typed' in form.dataset) typed.forEach(name => data.append('typed', name));
      try {
        const answer = await fetch(form.dataset.autosave, { method: 'POST', body: data, credentials: 'same-origin', headers: { 'X-Requested-With': 'fetch' } });
        if (answer.status === 409) {
          show('conflict');
          if (conflict) { conflict.innerHTML = await answer.text(); conflict.hidden = false; conflict.setAttribute('role', 'alert'); }
        } else if (answer.ok) {
          wait = 4000;
          const kind = answer.headers.get('Content-Type') || '';
          const told = kind.includes('json') ? await answer.json() : {};
          const now = new Date();
          show('saved', told.saved_at || `${String(now.getHours()).padStart(2, '0')}:${String(now.getMinutes()).padStart(2, '0')}`);
          (told.unsaved ? Array.from(typed).filter(name => !told.unsaved.includes(name)) : typed).forEach(name => typed.delete(name));
          if (told.lock !== undefined) all('[name=lock]', form).forEach(input => { input.value = told.lock; });
          if (told.version !== undefined) all('[name=version]', form).forEach(input => { input.value = told.version; });
        } else throw new Error(String(answer.status));
      } catch {
        show('failed');
        wait = Math.min(wait * 2, 60000);
        clearTimeout(timer);
        timer = setTimeout(send, wait);
      }
      running = false;
      if (again) { again = false; send(); }
    }
    form.addEventListener('input', event => {
      if (event.target.type === 'file') return;
      typed.add(event.target.name);
      clearTimeout(timer);
      timer = setTimeout(send, 1000);
    });
    form.addEventListener('submit', () => clearTimeout(timer));
    addEventListener('online', () => { if (mark?.classList.contains('is-wait') && conflict?.hidden !== false) send(); });
  }

  /* ---- files: names and sizes; progress while the form is sent ---- */
  const size = bytes => bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  const kindOf = file => (file.name.match(/\.(\w{1,5})$/) || ['', file.type.split('/').pop() || '?'])[1].toUpperCase();
  function files(box) {
    const input = box.querySelector('input[type=file]'), list = box.querySelector('.ip-files');
    const show = () => {
      list.replaceChildren(...Array.from(input.files, file => {
        const row = document.createElement('li'), name = document.createElement('span'), sub = document.createElement('span');
        const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg'), use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
        svg.setAttribute('class', 'ip-i'); svg.setAttribute('aria-hidden', 'true'); use.setAttribute('href', icon(file.type === 'application/pdf' ? 'file-type-pdf' : file.type.startsWith('image/') ? 'photo' : 'file-text'));
        svg.append(use); name.className = 'nm'; name.textContent = file.name; sub.className = 'sub'; sub.textContent = `${kindOf(file)} · ${size(file.size)}`;
        row.append(svg, name, sub);
        return row;
      }));
      list.hidden = !input.files.length;
      say(Array.from(input.files, file => `${file.name} ${kindOf(file)} ${size(file.size)}`).join('; '));
    };
    input.addEventListener('change', show);
    ['dragover', 'dragleave', 'drop'].forEach(name => box.addEventListener(name, event => {
      event.preventDefault();
      box.classList.toggle('is-over', name === 'dragover');
      if (name === 'drop' && event.dataTransfer.files.length) { input.files = event.dataTransfer.files; input.dispatchEvent(new Event('change', { bubbles: true })); }
    }));
  }
  const named = (name, values) => (document.getElementById('say')?.dataset[name] || '').replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
  const make = (tag, classes, text = '') => { const box = document.createElement(tag); box.className = classes; box.textContent = text; return box; };
  function bar(place, chosen) {
    const box = make('div', 'ip-mt-s'), words = make('label', 'ip-sm ip-2'), line = make('progress', 'ip-prog ip-mt-s');
    const values = { name: chosen.map(file => file.name).join('; '), size: size(chosen.reduce((sum, file) => sum + file.size, 0)) };
    line.id = 'upload-progress'; words.htmlFor = line.id; line.max = 100; line.value = 0;
    box.append(words, line); place.append(box);
    const told = new Set();
    const show = percent => {
      line.value = percent;
      words.textContent = named(percent < 100 ? 'textUploading' : 'textUploaded', { ...values, percent });
      const step = Math.floor(percent / 25);  // one sentence per quarter: a reader must not be flooded
      if (!told.has(step)) { told.add(step); say(words.textContent); }
    };
    show(0);
    return { show, remove: () => box.remove() };
  }
  function upload(form) {
    form.addEventListener('submit', event => {
      const list = all('input[type=file]', form).filter(input => input.files.length);
      if (event.defaultPrevented || !list.length || form.hasAttribute('hx-post')) return;
      event.preventDefault();
      const place = list[0].closest('[data-file], details, .ip-field'), field = list[0].closest('.ip-field')?.id;
      place.querySelector('[data-upload-failed]')?.remove();
      const request = new XMLHttpRequest(), progress = bar(place, list.flatMap(input => Array.from(input.files)));
      const data = new FormData(form, event.submitter), submitter = event.submitter;
      form.dataset.uploading = '1';
      const fail = () => {
        progress.remove(); delete form.dataset.uploading; release(form);
        const box = make('div', 'ip-mt-s'), words = make('p', 'ip-err', named('textFailed', {})), again = make('button', 'btn btn-plain ip-mt-s', named('textAgain', {}));
        box.dataset.uploadFailed = ''; words.setAttribute('role', 'alert'); again.type = 'button';
        again.addEventListener('click', () => form.requestSubmit(submitter));
        box.append(words, again); place.append(box); again.focus();
      };
      request.open('POST', form.getAttribute('action') || location.href);
      request.upload.onprogress = step => { if (step.lengthComputable) progress.show(Math.min(99, Math.round(100 * step.loaded / step.total))); };
      request.upload.onload = () => progress.show(100);
      request.onload = () => {
        if (request.status < 400 && request.responseURL !== new URL(form.getAttribute('action') || '', location.href).href) { location.assign(request.responseURL); return; }
        const page = new DOMParser().parseFromString(request.responseText, 'text/html'), main = page.getElementById('main');
        if (!main) { fail(); return; }
        document.getElementById('main').replaceWith(document.adoptNode(main)); document.title = page.title; start(main);
        if (main.querySelector('[data-focus]')) focusErrors(main); else if (field) document.getElementById(field)?.querySelector('[data-file] input')?.focus({ preventScroll: true });
      };
      request.onerror = fail;
      request.send(data);
    });
  }

  /* ---- numbers checked while one types; the server repeats both ---- */
  const half = text => text.normalize('NFKC').toUpperCase();
  const SIGNS = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  const USCC_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
  const checks = {
    uscc(raw) {
      const code = half(raw).replace(/[\s\-－]/g, '');
      if (!code) return { state: '', code };
      const bad = code.match(/[^0-9A-HJ-NP-RTUWXY]/);
      if (bad) return { state: 'bad', key: 'sign', code, values: { place: code.indexOf(bad[0]) + 1, sign: bad[0] } };
      if (code.length < 18) return { state: 'wait', key: 'short', code, values: { count: code.length, missing: 18 - code.length } };
      if (code.length > 18) return { state: 'bad', key: 'long', code, values: { count: code.length } };
      const sum = USCC_WEIGHTS.reduce((total, weight, at) => total + weight * SIGNS.indexOf(code[at]), 0);
      if (SIGNS[(31 - sum % 31) % 31] !== code[17]) return { state: 'bad', key: 'check', code, values: {} };
      return { state: 'good', key: 'good', code, values: {}, area: code.slice(2, 8) };
    },
    appno(raw) {
      const code = half(raw).replace(/[\s号．]/g, '').replace(/^ZL|^CN/, '').replace('.', '');
      if (!code) return { state: '', code };
      if (!/^\d{12}[\dX]$/.test(code)) return { state: 'wait', key: 'short', code, values: {} };
      const rest = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5].reduce((total, weight, at) => total + weight * Number(code[at]), 0) % 11;
      const want = rest === 10 ? 'X' : String(rest);
      if (!'12389'.includes(code[4])) return { state: 'bad', key: 'type', code, values: { sign: code[4] } };
      if (want !== code[12]) return { state: 'bad', key: 'check', code, values: { want, sign: code[12] } };
      return { state: 'good', key: `type${code[4]}`, code, values: { year: code.slice(0, 4), number: `${code.slice(0, 12)}.${code[12]}` } };
    },
  };
  function check(input) {
    const out = document.getElementById(input.dataset.out);
    const parts = document.getElementById(input.dataset.parts), district = document.getElementById(input.dataset.district);
    const run = () => {
      const result = checks[input.dataset.check](input.value);
      const words = (out.dataset[`text${(result.key || '').replace(/^./, c => c.toUpperCase())}`] || '').replace(/\{(\w+)\}/g, (whole, name) => result.values?.[name] ?? whole);
      out.hidden = !words;
      out.className = { good: 'ip-ok', bad: 'ip-err ip-mt' }[result.state] || 'ip-src';
      out.querySelector('span').textContent = words;
      setIcon(out, { good: 'circle-check', bad: 'alert-circle' }[result.state] || 'info-circle');
      if (result.state === 'bad') input.setAttribute('aria-invalid', 'true'); else input.removeAttribute('aria-invalid');
      if (parts) {
        const padded = (result.code || '').padEnd(18, '·');
        [[0, 1], [1, 2], [2, 8], [8, 17], [17, 18]].forEach(([from, to], at) => { parts.children[at].firstElementChild.textContent = padded.slice(from, to); });
      }
      if (district && result.area && !district.dataset.chosen) {
        const option = all('option', district).find(item => item.value === result.area || item.dataset.code === result.area);
        if (option) district.value = option.value;
      }
    };
    district?.addEventListener('change', () => { district.dataset.chosen = '1'; });
    input.addEventListener('input', run);
    if (input.value) run();
  }

  /* ---- rows by keyboard: j k arrows move, space selects, Enter opens ---- */
  function rows(table) {
    const list = all('tbody tr', table).filter(row => row.dataset.href || row.querySelector('input[type=checkbox], a'));
    if (!list.length || !list.some(row => row.dataset.href)) return;
    const go = to => { list.forEach(row => { row.tabIndex = row === to ? 0 : -1; }); to.focus(); };
    list.forEach((row, at) => { row.tabIndex = at ? -1 : 0; });
    const mark = row => { const box = row.querySelector('input[type=checkbox]'); row.classList.toggle('is-sel', !!box?.checked); };
    list.forEach(mark);
    table.addEventListener('change', event => { const row = event.target.closest('tbody tr'); if (row) mark(row); });
    table.addEventListener('keydown', event => {
      const row = event.target.closest('tbody tr'), at = list.indexOf(row);
      if (at < 0 || typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      const to = { j: list[at + 1], ArrowDown: list[at + 1], k: list[at - 1], ArrowUp: list[at - 1], Home: list[0], End: list.at(-1) }[event.key];
      if (to) { event.preventDefault(); go(to); } else if (event.target === row && event.key === ' ') {
        const box = row.querySelector('input[type=checkbox]');
        if (box) { event.preventDefault(); box.click(); }
      } else if (event.target === row && event.key === 'Enter' && row.dataset.href) location.assign(row.dataset.href);
    });
    table.addEventListener('click', event => {
      const row = event.target.closest('tbody tr[data-href]');
      if (row && !event.target.closest('a, button, input, label, summary, details') && !getSelection().toString()) location.assign(row.dataset.href);
    });
    document.addEventListener('keydown', event => {
      if ('jk'.includes(event.key) && event.target === document.body && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); go(list.find(row => row.tabIndex === 0) || list[0]); }
    });
  }
  document.addEventListener('change', event => {
    const head = event.target.closest('thead input[type=checkbox]');
    if (head) all('tbody input[type=checkbox]', head.closest('table')).forEach(box => { if (box.checked !== head.checked) box.click(); });
  });

  /* ---- what depends on the width: tabs that go on, tables that fit, the district of a heat map ---- */
  function tabs(bar) {
    const list = bar.querySelector('ul');
    const mark = () => {
      bar.classList.toggle('has-left', list.scrollLeft > 4);
      bar.classList.toggle('has-right', list.scrollLeft + list.clientWidth < list.scrollWidth - 4);
    };
    const current = list.querySelector('[aria-current]');
    if (current && current.offsetLeft + current.offsetWidth > list.clientWidth) list.scrollLeft = current.offsetLeft - 24;
    list.addEventListener('scroll', mark, { passive: true });
    new ResizeObserver(mark).observe(list);
    mark();
  }
  function fits(box) {
    const mark = () => { box.classList.remove('is-fit'); const fit = box.scrollWidth <= box.clientWidth + 1; box.classList.toggle('is-fit', fit); if (fit) box.removeAttribute('tabindex'); else box.tabIndex = 0; };
    new ResizeObserver(() => requestAnimationFrame(mark)).observe(box.parentElement);
    mark();
  }
  function heat(select) {
    const table = select.closest('.ip-heatbox').querySelector('.ip-heat');
    const pick = () => all('tr', table).forEach(row => Array.from(row.cells).forEach((cell, at) => cell.classList.toggle('is-picked', at === Number(select.value))));
    select.addEventListener('change', pick);
    pick();
  }

  /* ---- charts: the library is fetched only where a figure asks for it ---- */
  function charts(within) {
    if (!within.querySelector('figure[data-chart], figure [data-save]')) return;
    if (window.portalCharts) { window.portalCharts(); return; }
    if (document.querySelector('script[data-charts]')) return;
    [meta('portal-echarts'), meta('portal-charts')].forEach(source => {
      const script = document.createElement('script');
      script.src = source; script.async = false; script.dataset.charts = '';
      document.head.append(script);
    });
  }

  /* ---- htmx: the region keeps its height and says that it is busy ---- */
  document.addEventListener('htmx:beforeRequest', event => { const box = event.detail.target; if (box) box.setAttribute('aria-busy', 'true'); });
  document.addEventListener('htmx:afterRequest', event => { const box = event.detail.target; if (box) box.removeAttribute('aria-busy'); });
  document.addEventListener('htmx:afterSwap', event => start(event.detail.target));

  const done = new Map();  // per kind of work: a form may save itself and upload
  function start(within) {
    const each = (selector, work) => {
      const once = done.get(selector) || done.set(selector, new WeakSet()).get(selector);
      all(selector, within).forEach(box => { if (!once.has(box)) { once.add(box); work(box); } });
    };
    each('form[data-autosave]', autosave);
    each('form[enctype="multipart/form-data"]', upload);
    each('[data-file]', files);
    each('[data-check]', check);
    each('table[data-rows]', rows);
    each('[data-tabs]', tabs);
    each('.ip-tablebox>.ip-scroll', fits);
    each('[data-heat-pick]', heat);
    each('[data-close], [data-save]', button => { button.hidden = false; });
    charts(within);
  }
  start(document);
  focusErrors(document);
})();
