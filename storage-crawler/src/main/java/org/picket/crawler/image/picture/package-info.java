/// From a sound structure to views: what runs in a child, and in no other process.
///
/// [PictureDecoder] is the way in. Pictures are decoded by [OpenCv], [PacketDecoder] (FFmpeg) and [JxlLibrary],
/// brought to RGB ([Colours]), of animations laid on a [Canvas] frame by frame ([Animation], [AnimationPlayer]), of
/// videos taken as a [VideoPlan] says ([VideoPlayer]), turned ([Turning]), resized and cut ([Geometry], [Bicubic]).
/// Of frames a choice becomes views ([FrameChoice]).
package org.picket.crawler.image.picture;
