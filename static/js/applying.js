/* Filling in: questions that depend on an answer of the same page. Without this file all of them are shown with a hint. */
(() => {
  'use strict';
  const tests = {
    equals: (values, wanted) => values.includes(wanted),
    in: (values, wanted) => values.some(value => wanted.includes(value)),
    gte: (values, wanted) => values.some(value => value.trim() !== '' && Number(value.normalize('NFKC').replace(/[,\s]/g, '')) >= Number(wanted)),
    answered: values => values.some(value => value.trim() !== ''),
  };
  const valuesOf = (form, name) => Array.from(form.elements)
    .filter(field => field.name === name && (!['radio', 'checkbox'].includes(field.type) || field.checked))
    .map(field => field.value);
  function refresh(form) {
    form.querySelectorAll('[data-show-name]').forEach(box => {
      const values = valuesOf(form, box.dataset.showName);
      box.hidden = !tests[box.dataset.showOperator](values, JSON.parse(box.dataset.showValue));
    });
  }
  const forms = () => document.querySelectorAll('form[data-questions]');
  document.querySelectorAll('[data-fold]').forEach(box => { if (matchMedia('(max-width: 62rem)').matches) box.open = false; });
  const begin = () => forms().forEach(form => { if (!form.dataset.ready) { form.dataset.ready = '1'; refresh(form); } });
  document.addEventListener('input', event => { const form = event.target.closest('form[data-questions]'); if (form) refresh(form); });
  document.addEventListener('change', event => {
    const form = event.target.closest('form[data-questions]');
    if (!form) return;
    refresh(form);
    const input = event.target;
    if (input.type === 'file' && input.files.length && input.dataset.send) document.getElementById(input.dataset.send)?.click();
  });
  new MutationObserver(begin).observe(document.body, { childList: true, subtree: true });  // page.js may replace <main>
  begin();
})();
