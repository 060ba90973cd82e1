// Draws a page of what goes on now anew when something has changed, and lets the clock on it run. Without it the page
// of today reloads.
(function () {
  'use strict';
  var live = document.getElementById('live');
  if (!live) { return; }

  // How long there is to wait, in the page's own words: H and M stand for the numbers.
  function words(line, seconds) {
    var minutes = Math.floor(Math.max(0, seconds) / 60), hours = Math.floor(minutes / 60);
    minutes = minutes % 60;
    var say = hours ? (minutes ? 'data-hours-minutes' : 'data-hours') : (minutes ? 'data-minutes' : 'data-soon');
    return line.getAttribute(say).replace('H', hours).replace('M', minutes);
  }

  // The phone's clock may be wrong: count from what the page said when it came.
  var due = null, arrived = Date.now();
  function start() {
    var line = live.querySelector('[data-due]');
    due = null;
    arrived = Date.now();
    if (line) {
      due = { line: line, left: Number(line.getAttribute('data-left')) };
    }
  }
  function tick() {
    if (due && due.left) { due.line.textContent = words(due.line, due.left - (Date.now() - arrived) / 1000); }
    var bar = live.querySelector('progress[data-position]');
    if (bar) { bar.value = Math.min(bar.max, bar.value + 1); }
  }

  function open() {
    var ids = [], all = live.querySelectorAll('details[open]');
    for (var i = 0; i < all.length; i += 1) { ids.push(all[i].id); }
    return ids;
  }

  function draw(html) {
    var came = document.createElement('div');
    came.innerHTML = html;
    var fresh = came.querySelector('.live'), shown = live.querySelector('.live');
    if (!fresh) { window.location.reload(); return; }
    if (fresh.getAttribute('data-key') !== shown.getAttribute('data-key')) {
      var ids = open();
      live.innerHTML = html;
      ids.forEach(function (id) {
        var again = document.getElementById(id);
        if (again) { again.open = true; }
      });
    } else {
      var was = live.querySelector('progress[data-position]'), is = came.querySelector('progress[data-position]');
      if (was && is) { was.value = Number(is.getAttribute('value')); }
      var line = live.querySelector('[data-due]'), newer = came.querySelector('[data-due]');
      if (line && newer) { line.setAttribute('data-left', newer.getAttribute('data-left')); }
    }
    start();
  }

  function ask() {
    if (document.hidden) { return; }
    var request = new XMLHttpRequest();
    request.open('GET', live.getAttribute('data-ask') || '/?live=1');
    request.timeout = 8000;
    request.onload = function () { if (request.status === 200) { draw(request.responseText); } };
    request.send();
  }

  start();
  setInterval(tick, 1000);
  setInterval(ask, 3000);
  document.addEventListener('visibilitychange', ask);
}());
