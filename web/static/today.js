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

  // What is drawn anew keeps what was opened, where one was with the keyboard, and what stood before the eyes.
  function open() {
    var ids = [], all = live.querySelectorAll('details[open]');
    for (var i = 0; i < all.length; i += 1) { ids.push(all[i].id); }
    return ids;
  }

  function before_the_eyes() {
    var all = live.querySelectorAll('[id]');
    for (var i = 0; i < all.length; i += 1) {
      var box = all[i].getBoundingClientRect();
      if (box.height && box.top >= 0 && box.top < window.innerHeight) { return { id: all[i].id, top: box.top }; }
    }
    return null;
  }

  function is_typing() {
    var at = document.activeElement;
    return live.contains(at) && (at.tagName === 'SELECT' || (at.tagName === 'INPUT' && at.value !== at.defaultValue));
  }

  function replace(html) {
    var ids = open(), seen = window.pageYOffset ? before_the_eyes() : null, at = document.activeElement;
    var focused = live.contains(at) ? at.id : '';
    live.innerHTML = html;
    ids.forEach(function (id) {
      var again = id && document.getElementById(id);
      if (again) { again.open = true; }
    });
    var there = seen && document.getElementById(seen.id), focus = focused && document.getElementById(focused);
    if (there) { window.scrollBy(0, there.getBoundingClientRect().top - seen.top); }
    if (focus) { focus.focus({ preventScroll: true }); }
  }

  function draw(html) {
    var came = document.createElement('div');
    came.innerHTML = html;
    var fresh = came.querySelector('.live'), shown = live.querySelector('.live');
    if (!fresh) { window.location.reload(); return; }
    if (fresh.getAttribute('data-key') !== shown.getAttribute('data-key')) {
      if (is_typing()) { return; }
      replace(html);
    } else {
      var was = live.querySelector('progress[data-position]'), is = came.querySelector('progress[data-position]');
      if (was && is) { was.value = Number(is.getAttribute('value')); }
      var line = live.querySelector('[data-due]'), newer = came.querySelector('[data-due]');
      if (line && newer) { line.setAttribute('data-left', newer.getAttribute('data-left')); }
    }
    start();
  }

  var stale = document.getElementById('stale'), failures = 0;
  function answered(well) {
    failures = well ? 0 : failures + 1;
    if (stale) { stale.hidden = failures < 3; }
  }

  function ask() {
    if (document.hidden) { return; }
    var request = new XMLHttpRequest(), shown = live.querySelector('.live');
    var address = live.getAttribute('data-ask') || '/?live=1';
    request.open('GET', address + '&key=' + (shown ? shown.getAttribute('data-key') : ''));
    request.timeout = 8000;
    request.onload = function () {
      answered(request.status === 200 || request.status === 204);
      if (request.status === 200) { draw(request.responseText); }
    };
    request.onerror = request.ontimeout = function () { answered(false); };
    request.send();
  }

  start();
  setInterval(tick, 1000);
  setInterval(ask, 1000 * (live.getAttribute('data-every') || 3));
  document.addEventListener('visibilitychange', ask);
}());
