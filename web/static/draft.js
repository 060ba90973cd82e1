// Keeps on the phone what is typed into a message until the panel has it, for the day the Wi-Fi drops or the phone locks.
(function () {
  'use strict';
  var PREFIX = 'xiaolaba-message:', form = document.getElementById('edit');

  function stored(key, value) {
    try {
      if (value === undefined) { return JSON.parse(window.localStorage.getItem(key) || 'null'); }
      if (value) { window.localStorage.setItem(key, JSON.stringify(value)); } else { window.localStorage.removeItem(key); }
    } catch (refused) { /* a browser that keeps nothing: then nothing is kept */ }
    return null;
  }

  // The page of the work has come, so what was sent has arrived: the panel keeps it from here on.
  if (document.getElementById('work')) {
    try {
      Object.keys(window.localStorage).forEach(function (key) {
        if (key.indexOf(PREFIX) === 0 && (stored(key) || {}).sent) { stored(key, null); }
      });
    } catch (refused) { /* as above */ }
  }
  if (!form || !form.elements.text || !form.elements.title) { return; }

  var key = PREFIX + window.location.pathname, title = form.elements.title, text = form.elements.text;
  var note = document.getElementById('kept'), kept = stored(key);

  function keep(sent) { stored(key, { title: title.value, text: text.value, sent: sent }); }

  if (kept && (kept.title !== title.value || kept.text !== text.value) && (kept.title || kept.text)) {
    note.querySelector('.words').textContent = kept.title + '\n' + kept.text;
    note.hidden = false;
  } else {
    stored(key, null);
  }
  note.addEventListener('click', function (event) {
    var act = event.target.closest('button');
    if (!act) { return; }
    if (act.value === 'use') {
      title.value = kept.title;
      text.value = kept.text;
      keep(false);
      text.dispatchEvent(new Event('input'));
    } else {
      stored(key, null);
    }
    note.hidden = true;
    text.focus();
  });
  title.addEventListener('input', function () { keep(false); });
  text.addEventListener('input', function () { keep(false); });
  form.addEventListener('submit', function () { keep(true); });
}());
