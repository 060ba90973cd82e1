"""稿件: the words, their versions, and until when they hold."""
