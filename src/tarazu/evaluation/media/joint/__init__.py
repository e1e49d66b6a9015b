"""The joint verdict of picture and caption on drawn posts whose truth is known.

Every picture is drawn when the evaluation runs, every caption was written for it, every name is invented.
"""
