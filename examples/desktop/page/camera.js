// The computer's camera: its frames go to the core's own decoder, until that has read a code.
import { frame } from '/calls.js';

// Codes are read well at this width, and a frame of it is a quarter of a megabyte.
const WIDTH = 640;
let stream = null;
let changed = () => {};

export const isOn = () => stream !== null;

// `tell` is called whenever the camera was opened or shut.
export const onChange = (tell) => { changed = tell; };

export function stop() {
  if (!stream) return;
  stream.getTracks().forEach((track) => track.stop());
  stream = null;
  changed();
}

function luma(eye, canvas) {
  const height = Math.round((WIDTH * eye.videoHeight) / eye.videoWidth);
  Object.assign(canvas, { width: WIDTH, height });
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  pen.drawImage(eye, 0, 0, WIDTH, height);
  const { data } = pen.getImageData(0, 0, WIDTH, height);
  const plane = new Uint8Array(WIDTH * height);
  for (let nth = 0; nth < plane.length; nth += 1) {
    const at = nth * 4;
    plane[nth] = (77 * data[at] + 150 * data[at + 1] + 29 * data[at + 2]) >> 8;
  }
  return [WIDTH, height, plane];
}

// Opens the camera; `onOpen` draws the place where it is seen, `onSeen` hears what was read or refused.
export async function start(onOpen, onSeen) {
  stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: 1280 } });
  onOpen();
  changed();
  const canvas = document.createElement('canvas');
  while (stream) {
    const eye = document.getElementById('eye');
    if (!eye) return stop();
    if (eye.srcObject !== stream) {
      eye.srcObject = stream;
      await eye.play();
    }
    const told = await frame(...luma(eye, canvas));
    if (!stream) return undefined;
    if (told.error || told.answer?.read) {
      stop();
      return onSeen(told);
    }
    await new Promise((next) => requestAnimationFrame(next));
  }
  return undefined;
}
