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
      word.textContent = '正在录 ' + seconds + ' 秒，点一下录完';
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
        word.textContent = '正在上传';
        form.submit();
      };
      seconds = 0;
      recorder.start();
      word.textContent = '正在录，点一下录完';
      clock = setInterval(told, 1000);
    }

    button.hidden = false;
    button.addEventListener('click', function () {
      if (recorder && recorder.state === 'recording') { recorder.stop(); return; }
      navigator.mediaDevices.getUserMedia({ audio: true }).then(begin, function () {
        word.textContent = '没有打开话筒，请在手机设置里允许，或者用上面的按钮选录音';
      });
    });
  }
  Array.prototype.forEach.call(document.querySelectorAll('form.bring'), prepare);
}());
