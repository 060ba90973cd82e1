// Offers to print where a script can; the browser's own menu does it otherwise.
(function () {
  'use strict';
  var button = document.getElementById('print');
  if (!button || !window.print) { return; }
  button.hidden = false;
  button.addEventListener('click', function () { window.print(); });
}());
