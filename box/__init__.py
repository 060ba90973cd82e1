"""The box on the wall: its folders, the installer's settings, its clock, files that survive a power cut."""
