// Sends a large backup in pieces, so that a Wi-Fi that drops costs one piece. Without it a small one goes as a whole.
(function () {
  'use strict';
  var form = document.getElementById('bring-backup'), sent = document.getElementById('sent');
  if (!form || !window.FormData || !window.Blob || !Blob.prototype.slice) { return; }
  var PIECE_BYTES = 4 * 1024 * 1024, MOST_TRIES = 20;

  function send(file, offset, tries) {
    var end = Math.min(offset + PIECE_BYTES, file.size), request = new XMLHttpRequest(), data = new FormData();
    data.append('csrf_token', form.elements.csrf_token.value);
    data.append('offset', String(offset));
    data.append('more', end < file.size ? 'yes' : 'no');
    data.append('file', file.slice(offset, end), 'piece');

    function fail() {
      sent.textContent = form.getAttribute('data-failed');
      form.querySelector('button').disabled = false;
    }

    function again() {
      if (tries >= MOST_TRIES) { fail(); return; }
      sent.textContent = form.getAttribute('data-again');
      setTimeout(function () { send(file, offset, tries + 1); }, 3000);
    }

    request.open('POST', form.action);
    request.timeout = 120000;
    request.onerror = request.ontimeout = again;
    request.onload = function () {
      if (request.status !== 200) {
        fail();
        return;
      }
      var told = JSON.parse(request.responseText);
      if (told.page) { window.location = told.page; return; }
      sent.textContent = form.getAttribute('data-sent').replace('PERCENT', Math.floor(100 * told.next / file.size));
      send(file, told.next, 0);
    };
    request.send(data);
  }

  form.addEventListener('submit', function (event) {
    var file = form.elements.file.files && form.elements.file.files[0];
    if (!file) { return; }
    event.preventDefault();
    form.querySelector('button').disabled = true;
    send(file, 0, 0);
  });
}());
