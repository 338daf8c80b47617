"""Files from outside are hostile until a child process has read them; files to outside carry no formula.

Source: assurance, "Files in and out".
"""
