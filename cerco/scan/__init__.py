"""The third room: text in, findings out. Its door is `detector.Detector`; its noun is in `finding`."""
