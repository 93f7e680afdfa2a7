/* Copyright: (c) 2026, lync.persistent_chat contributors
 * GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
(function () {
  'use strict';
  document.documentElement.classList.add('script');
  const list = document.getElementById('list');
  const hosts = Array.from(list.querySelectorAll('details.host'));
  const search = document.getElementById('search');
  const outcome = document.getElementById('outcome');
  const sort = document.getElementById('sort');
  const shown = document.getElementById('shown');
  const said = document.getElementById('said');
  const texts = new Map();
  const order = { not_satisfied: 0, undetermined: 1, satisfied: 2 };

  function text(host) {
    if (!texts.has(host)) { texts.set(host, host.textContent.toLowerCase()); }
    return texts.get(host);
  }

  function filter() {
    const wanted = search.value.trim().toLowerCase();
    let count = 0;
    for (const host of hosts) {
      const fits = (!outcome.value || host.dataset.outcome === outcome.value) && (!wanted || text(host).includes(wanted));
      host.hidden = !fits;
      count += fits ? 1 : 0;
    }
    shown.textContent = count + ' of ' + hosts.length + ' servers shown';
  }

  function compare(one, other, key) {
    const left = one.dataset[key], right = other.dataset[key];
    if (left === right) { return 0; }
    if (!left || !right) { return left ? -1 : 1; }
    return left < right ? -1 : 1;
  }

  const ways = {
    outcome: function (one, other) { return order[one.dataset.outcome] - order[other.dataset.outcome] || one.dataset.place - other.dataset.place; },
    host: function (one, other) { return one.dataset.host.localeCompare(other.dataset.host, 'en', { numeric: true }); },
    until: function (one, other) { return compare(one, other, 'until') || one.dataset.place - other.dataset.place; }
  };

  function arrange() {
    const sorted = hosts.slice().sort(ways[sort.value]);
    const all = document.createDocumentFragment();
    for (const host of sorted) { all.appendChild(host); }
    list.appendChild(all);
  }

  function select(element) {
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  async function copy(button) {
    const source = button.closest('.paste').querySelector('pre');
    let done = false;
    try {
      await navigator.clipboard.writeText(source.textContent);
      done = true;
    } catch (refused) {
      select(source);
      done = document.execCommand('copy');
    }
    if (!done) { select(source); }
    said.textContent = done ? 'Copied' : 'Selected: copy it with the keyboard';
    button.textContent = done ? 'Copied' : 'Selected';
    window.setTimeout(function () { button.textContent = 'Copy'; }, 2000);
  }

  search.addEventListener('input', filter);
  outcome.addEventListener('change', filter);
  sort.addEventListener('change', arrange);
  document.getElementById('unfold').addEventListener('click', function () { for (const host of hosts) { host.open = true; } });
  document.getElementById('fold').addEventListener('click', function () { for (const host of hosts) { host.open = false; } });
  list.addEventListener('click', function (event) {
    const button = event.target.closest('button.copy');
    if (button) { copy(button); }
  });
  filter();
}());
