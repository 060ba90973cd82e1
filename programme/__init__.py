"""What is to be said and when: the model, the programme file, the publication, the timetable."""
