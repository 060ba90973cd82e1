"""Text to clip: the spoken form, the engines, the mixdown, the clip library, publishing."""
