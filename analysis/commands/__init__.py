"""The workbook's commands, a module for each subject."""
