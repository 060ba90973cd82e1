// Finds a yard among many by its name, and counts those that are chosen. Without it they are all there, one below the other.
(function () {
  'use strict';
  Array.prototype.forEach.call(document.querySelectorAll('.yards-to-choose'), function (box) {
    var search = box.querySelector('input[type=search]'), count = box.querySelector('.chosen');
    var labels = box.querySelectorAll('.grid label');

    function find() {
      var words = search.value.trim().toLowerCase();
      Array.prototype.forEach.call(labels, function (label) {
        label.hidden = words && label.textContent.toLowerCase().indexOf(words) < 0;
      });
    }

    function number() {
      var chosen = box.querySelectorAll('.grid input:checked').length;
      count.textContent = chosen ? count.getAttribute('data-words').replace('N', chosen) : '';
    }

    search.parentNode.hidden = false;
    search.addEventListener('input', find);
    // Enter would send the whole form.
    search.addEventListener('keydown', function (event) { if (event.key === 'Enter') { event.preventDefault(); } });
    box.addEventListener('change', number);
    number();
  });
}());
