import keras,keras_hub,traceback
M=keras_hub.models
m=M.T5Backbone(vocabulary_size=100,num_layers=1,num_heads=2,hidden_dim=8,intermediate_dim=16)
from fanwise.adapters.keras.layers.models import model_layers
for p,l in model_layers(m):
    if l._trainable_variables:
        try:
            c=l.get_config(); t=type(l).from_config(c)
            if not t.built: t.build_from_config(l.get_build_config())
            print(p,type(l).__name__,"fine", len(t._trainable_variables))
        except BaseException as e: print(p,type(l).__name__,repr(e)[:300], l._build_shapes_dict)
