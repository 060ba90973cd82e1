// Shows how far the work is, and goes on when it is over. Without it the page comes again by itself.
(function () {
  'use strict';
  var work = document.getElementById('work');
  if (!work) { return; }
  var doing = document.getElementById('doing'), bar = document.getElementById('bar');

  function ask() {
    var request = new XMLHttpRequest();
    request.open('GET', work.getAttribute('data-state'));
    request.timeout = 8000;
    request.onload = function () {
      if (request.status !== 200) { window.location.reload(); return; }
      var state;
      try { state = JSON.parse(request.responseText); } catch (logged_out) { state = { over: true }; }  // it is the login
      if (state.over) { window.location.reload(); return; }
      doing.textContent = state.doing;
      if (state.done) { bar.max = state.total; bar.value = state.done; }
    };
    request.send();
  }
  setInterval(ask, 700);
}());
