// Records in the page where the browser allows it (https or localhost). Without it the phone's own recorder is used.
(function () {
  'use strict';
  if (!navigator.mediaDevices || !window.MediaRecorder || !window.DataTransfer) { return; }

  function endings(type) {
    return /mp4/.test(type) ? 'm4a' : /ogg/.test(type) ? 'ogg' : 'webm';
  }

  function prepare(form) {
    var button = form.querySelector('.record'), word = button.querySelector('span'), input = form.elements.sound;
    var most = Number(form.getAttribute('data-most-seconds')), recorder = null, clock = null, seconds = 0;

    function told() {
      seconds += 1;
      word.textContent = form.getAttribute('data-recorded').replace('SECONDS', seconds);
      if (seconds >= most - 1) { recorder.stop(); }
    }

    function begin(stream) {
      var parts = [];
      recorder = new MediaRecorder(stream);
      recorder.ondataavailable = function (event) { parts.push(event.data); };
      recorder.onstop = function () {
        var type = recorder.mimeType || 'audio/webm', files = new DataTransfer();
        clearInterval(clock);
        stream.getTracks().forEach(function (track) { track.stop(); });
        files.items.add(new File(parts, 'recording.' + endings(type), { type: type }));
        input.files = files.files;
        word.textContent = form.getAttribute('data-uploading');
        form.submit();
      };
      seconds = 0;
      recorder.start();
      word.textContent = form.getAttribute('data-recording');
      clock = setInterval(told, 1000);
    }

    button.hidden = false;
    button.addEventListener('click', function () {
      if (recorder && recorder.state === 'recording') { recorder.stop(); return; }
      navigator.mediaDevices.getUserMedia({ audio: true }).then(begin, function () {
        word.textContent = form.getAttribute('data-no-microphone');
      });
    });
  }
  Array.prototype.forEach.call(document.querySelectorAll('form.bring'), prepare);
}());
