import time, torch, transformers, warnings; warnings.filterwarnings("ignore"); transformers.logging.set_verbosity_error()
import fanwise.torch as ft
from fanwise.adapters.torch.layers.models import model_weights
from fanwise.adapters.torch.layers.declared_parameters import with_declarations
def t(f,n=1):
    s=time.perf_counter(); r=f(); return r, time.perf_counter()-s
def go(name, mk):
    with torch.device("meta"): m=mk()
    n=sum(p.numel() for p in m.parameters())
    w,a=t(lambda: model_weights(m)); d,b=t(lambda: with_declarations(m,w))
    print(name, f"{n/1e6:.0f}M modules {len(list(m.modules()))} weights {len(w)} model_weights {a:.2f}s declarations {b:.2f}s",flush=True)
go("llama1b",lambda: transformers.LlamaForCausalLM(transformers.LlamaConfig(hidden_size=2048,intermediate_size=8192,num_hidden_layers=16,num_attention_heads=32,num_key_value_heads=8,vocab_size=32000)))
go("vit-g",lambda: transformers.ViTModel(transformers.ViTConfig(hidden_size=1408,intermediate_size=6144,num_hidden_layers=40,num_attention_heads=16)))
go("mamba2-1.3b",lambda: transformers.Mamba2Model(transformers.Mamba2Config(hidden_size=2048,num_hidden_layers=48,num_heads=64,head_dim=64,vocab_size=50288)))
go("gptoss",lambda: transformers.GptOssForCausalLM(transformers.GptOssConfig(num_hidden_layers=12,num_local_experts=32)))
go("gpt2-xl",lambda: transformers.GPT2LMHeadModel(transformers.GPT2Config(n_embd=1600,n_layer=48,n_head=25)))
go("qwen3next",lambda: transformers.Qwen3NextForCausalLM(transformers.Qwen3NextConfig(num_hidden_layers=24)))
