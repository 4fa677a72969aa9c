"""The authorisation matrix: every route x method x actor x object, with canaries in every text of every enterprise.

routes.py finds what there is, rows/ says who may do what, world.py builds what there is to see, runner.py asks.
"""
