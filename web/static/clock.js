// Fills in the phone's own time, and sends it to the millisecond unless another was typed.
(function () {
  'use strict';
  function two(number) { return (number < 10 ? '0' : '') + number; }
  function local(now) {
    return now.getFullYear() + '-' + two(now.getMonth() + 1) + '-' + two(now.getDate()) +
      'T' + two(now.getHours()) + ':' + two(now.getMinutes());
  }
  function fill() {
    var form = document.getElementById('phone-time');
    if (form && !form.getAttribute('data-typed') && document.activeElement !== form.elements.at) {
      form.elements.at.value = local(new Date());
    }
  }
  document.addEventListener('input', function (event) {
    if (event.target.form && event.target.form.id === 'phone-time') { event.target.form.setAttribute('data-typed', '1'); }
  });
  document.addEventListener('submit', function (event) {
    if (event.target.id === 'phone-time' && !event.target.getAttribute('data-typed')) {
      event.target.elements.milliseconds.value = Date.now();
    }
  });
  fill();
  setInterval(fill, 1000);
}());
