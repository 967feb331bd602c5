async () => {
  const devices = navigator.mediaDevices;
  if (!devices) return null;
  let stream;
  try { stream = await devices.getUserMedia({video: true}); } catch (e) { return {error: `${e.name}: ${e.message}`}; }
  try {
    const track = stream.getVideoTracks()[0];
    const video = document.createElement("video");
    video.muted = true;
    video.srcObject = stream;
    await video.play();
    const end = performance.now() + 1200;  // a camera that was just opened is dark at first
    let frames = 0;
    while (performance.now() < end && frames < 12) {
      await Promise.race([
        new Promise(done => video.requestVideoFrameCallback(() => { frames++; done(); })),
        new Promise(done => setTimeout(done, 300)),
      ]);
    }
    if (!video.videoWidth) return {error: "no frame came"};
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d").drawImage(video, 0, 0);
    const labels = (await devices.enumerateDevices()).filter(d => d.kind === "videoinput").map(d => d.label);
    return {label: track.label, labels, picture: canvas.toDataURL("image/jpeg", 0.92)};
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}
