// Counts the characters, shows how they will be read and how long that takes, and keeps what was typed on the phone
// until it is on air.
(function () {
  'use strict';
  var KEY = 'xiaolaba-say', form = document.getElementById('say');

  function stored(value) {
    try {
      if (value === undefined) { return window.localStorage.getItem(KEY) || ''; }
      if (value) { window.localStorage.setItem(KEY, value); } else { window.localStorage.removeItem(KEY); }
    } catch (refused) { /* a browser that keeps nothing: then nothing is kept */ }
    return '';
  }

  Array.prototype.forEach.call(document.querySelectorAll('form[data-forget]'), function (last) {
    last.addEventListener('submit', function () { stored(''); });
  });
  if (!form) { return; }
  var text = document.getElementById('text'), count = document.getElementById('count'), waiting = null;
  var length = document.getElementById('length'), reads = document.getElementById('reads');
  var spoken = document.getElementById('spoken');

  function ask() {
    var request = new XMLHttpRequest();
    request.open('POST', form.getAttribute('data-spoken'));
    request.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
    request.setRequestHeader('X-CSRFToken', form.elements.csrf_token.value);
    request.onload = function () {
      if (request.status !== 200) { return; }
      var answer = JSON.parse(request.responseText);
      spoken.textContent = answer.spoken;
      reads.hidden = !answer.spoken;
      length.textContent = answer.length ? '· ' + answer.length : '';
    };
    request.send('text=' + encodeURIComponent(text.value.slice(0, 10000)));
  }

  function typed() {
    count.textContent = text.value.length;
    stored(text.value);
    clearTimeout(waiting);
    waiting = setTimeout(ask, 500);
  }

  if (!text.value) { text.value = stored(); }
  if (text.value) { typed(); }
  text.addEventListener('input', typed);
  window.addEventListener('pageshow', function () { if (text.value) { typed(); } });
}());
