// Counts the characters, shows how they will be read, and warns before what was typed is left behind.
(function () {
  'use strict';
  var form = document.getElementById('edit');
  if (!form) { return; }
  var text = document.getElementById('text'), title = document.getElementById('title');
  var count = document.getElementById('count'), length = document.getElementById('length');
  var notes = document.getElementById('notes'), twice = document.getElementById('twice');
  var spoken = document.getElementById('spoken'), first = title.value + '\n' + text.value, sent = false, waiting = null;

  function ask() {
    var request = new XMLHttpRequest();
    request.open('POST', form.getAttribute('data-spoken'));
    request.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
    request.setRequestHeader('X-CSRFToken', form.elements.csrf_token.value);
    request.onload = function () {
      if (request.status !== 200) { return; }
      var answer = JSON.parse(request.responseText);
      spoken.textContent = answer.spoken;
      document.getElementById('reads').hidden = !answer.spoken;
      length.textContent = answer.length;
      notes.textContent = '';
      answer.notes.forEach(function (note) {
        var line = document.createElement('li');
        line.textContent = note;
        notes.appendChild(line);
      });
    };
    request.send('text=' + encodeURIComponent(text.value.slice(0, 10000)) + (twice.checked ? '&twice=yes' : ''));
  }

  function grow() {
    text.style.height = 'auto';
    text.style.height = Math.max(text.scrollHeight + 4, 200) + 'px';
  }

  text.addEventListener('input', function () {
    count.textContent = text.value.length;
    grow();
    clearTimeout(waiting);
    waiting = setTimeout(ask, 500);
  });
  twice.addEventListener('change', ask);
  form.addEventListener('submit', function () { sent = true; });
  window.addEventListener('beforeunload', function (event) {
    if (!sent && title.value + '\n' + text.value !== first) {
      event.preventDefault();
      event.returnValue = '';
    }
  });
  grow();
}());
