// A button that acts when it is held long enough. Without it, or by the keyboard, a second page asks instead.
(function () {
  'use strict';
  Array.prototype.forEach.call(document.querySelectorAll('button[data-hold]'), function (button) {
    var form = button.form, word = button.querySelector('span'), needed = Number(button.getAttribute('data-hold'));
    var timer = null, sent = false;
    word.textContent = word.getAttribute('data-held');

    function begin(event) {
      if (event.button) { return; }
      if (form.reportValidity && !form.reportValidity()) { event.preventDefault(); return; }
      word.textContent = word.getAttribute('data-held');
      button.classList.add('held');
      timer = setTimeout(act, needed);
    }

    function act() {
      var sure = document.createElement('input');
      sent = true;
      sure.type = 'hidden';
      sure.name = button.getAttribute('data-sure');
      sure.value = 'yes';
      form.appendChild(sure);
      form.submit();
    }

    function end() {
      if (timer === null || sent) { return; }
      clearTimeout(timer);
      timer = null;
      button.classList.remove('held');
      word.textContent = word.getAttribute('data-short');
    }

    if (window.PointerEvent) {
      button.addEventListener('pointerdown', begin);
      ['pointerup', 'pointerleave', 'pointercancel'].forEach(function (name) { button.addEventListener(name, end); });
    } else {
      button.addEventListener('touchstart', begin);
      ['touchend', 'touchcancel'].forEach(function (name) { button.addEventListener(name, end); });
    }
    button.addEventListener('contextmenu', function (event) { event.preventDefault(); });
    button.addEventListener('click', function (event) {
      if (event.detail) { event.preventDefault(); }  // a finger or a mouse must hold; a key press (0) goes to the second page
    });
  });
}());
